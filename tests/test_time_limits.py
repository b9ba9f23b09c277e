# SPDX-License-Identifier: GPL-2.0-only
"""No rule, file or MAINTAINERS of a stranger makes a command hang: it ends, and says what took long."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import pytest
from command_line import copy_kernel, run

from vmaconv.cocci.text import clock, strange_regex
from vmaconv.convert import conversion, tree_conversion
from vmaconv.convert.tree_conversion import Converter

NAME = "x" * 60

SOURCE = (
    f"#include <linux/mm.h>\nint g(struct vm_area_desc *desc)\n{{\n\treturn {NAME}(desc);\n}}\n"
)

RULE = """@r@
identifier f =~ "REGEX";
struct vm_area_desc *D;
@@
- f(D)
+ bar(D)
"""

BACKTRACKS = "^(x+x+)+y$"
NO_RE2 = r"^(x|xx|x)+\1{9}z$"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = copy_kernel(tmp_path / "kernel")
    for folder in ("drivers", "fs", "arch", "ipc", "kernel", "mm"):
        for path in sorted((root / folder).rglob("*.c")):
            path.unlink()
    (root / "mm/evil.c").write_text(SOURCE)
    (tmp_path / "r.cocci").write_text(RULE.replace("REGEX", BACKTRACKS))
    return root


@pytest.mark.parametrize("command", ["diff", "scan", "apply"])
def test_a_pattern_that_backtracks_costs_no_time(command: str, tree: Path) -> None:
    done = run(command, tree, "mm/evil.c", "--rules", tree.parent / "r.cocci")
    assert done.code == 0
    assert (tree / "mm/evil.c").read_text() == SOURCE


def test_a_pattern_that_backtracks_is_explained(tree: Path) -> None:
    done = run("explain", tree.parent / "r.cocci", f"{tree}/mm/evil.c:4")
    assert done.code == 0
    assert b"f" in done.out


@pytest.mark.parametrize("words", [[], ["-j", "2"]])
def test_what_re2_cannot_search_for_is_named_with_its_line(
    words: list[str], tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strange_regex, "SEARCH_LIMIT", 0.1)
    (tree.parent / "r.cocci").write_text(RULE.replace("REGEX", NO_RE2))
    for number in range(5):
        (tree / f"mm/evil{number}.c").write_text(SOURCE)
    done = run("diff", tree, "--rules", tree.parent / "r.cocci", *words)
    assert done.code == 6
    assert "mm/evil3.c: " in done.err
    assert "r.cocci:2:12: the search for" in done.err


def test_spatch_names_it_too(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strange_regex, "SEARCH_LIMIT", 0.1)
    rule = RULE.replace("REGEX", NO_RE2)
    (tree.parent / "r.cocci").write_text(rule)
    done = run("spatch", "--sp-file", tree.parent / "r.cocci", "--dir", tree / "mm")
    assert "r.cocci:2:12: the search for" in done.err
    assert "evil.c" in done.err


MAINTAINERS = r"""
EVIL REGEX
M:	Evil <evil@example.org>
N:	(x+x+)+y$
K:	(\w+\w+)+\$
F:	(a*a*)*b
F:	[
X:	(((((
N:	(?P<x
"""


def test_patterns_of_maintainers_cost_no_time(tree: Path, tmp_path: Path) -> None:
    with (tree / "MAINTAINERS").open("a") as file:
        file.write(MAINTAINERS)
    path = tree / f"mm/{NAME}.c"
    path.write_text(
        "#include <linux/mm.h>\nvoid f(struct vm_area_desc *desc)\n{\n"
        f"\tdesc->vm_flags |= VM_IO; /* {NAME} */\n}}\n"
    )
    done = run("series", tree, "-o", tmp_path / "out")
    assert done.code == 0, done.err
    assert "evil@example.org" not in "".join(
        mail.read_text() for mail in (tmp_path / "out").glob("*.patch")
    )


class Endless:
    """A runner that has not come to an end."""

    def __init__(self, *_: object, **_named: object) -> None:
        pass

    def run(self) -> None:
        """Run for ever."""
        while True:
            pass


@pytest.mark.parametrize("command", ["diff", "scan", "apply"])
def test_a_file_that_takes_too_long_is_named_and_left(
    command: str, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree_conversion, "Runner", Endless)
    monkeypatch.setattr(conversion, "Converter", partial(Converter, limit=0.2))
    done = run(command, tree, "mm/evil.c", "--rules", tree.parent / "r.cocci")
    assert done.code == 6
    assert "mm/evil.c: the rules had not come to an end after 0.2 seconds" in done.err
    assert (tree / "mm/evil.c").read_text() == SOURCE


def test_a_limit_that_is_met_in_a_destructor_is_met_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python drops what a destructor raises: the limit must not be lost with it."""
    monkeypatch.setattr(clock, "_AGAIN", 0.05)
    met = 0

    class Slow:
        def __del__(self) -> None:
            nonlocal met
            met += 1
            end = time.monotonic() + 0.1
            while time.monotonic() < end:
                pass

    with pytest.raises(clock.TimedOut), clock.Limit(0.02):
        Slow()
        end = time.monotonic() + 5
        while time.monotonic() < end:
            pass
    assert met == 1
