# SPDX-License-Identifier: GPL-2.0-only
"""Our diff beside git's own."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from compiled import processor_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sandbox import Sandbox, make_sandbox

from vmaconv.series.change import FileChange
from vmaconv.series.git.file_diff import (
    file_diff,
    unified_diff,
    unified_diffs,
)
from vmaconv.series.series_error import BinaryChange

C_FILE = b"""// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int first(struct vm_area_desc *desc)
{
\tif (desc->vm_flags & VM_SHARED)
\t\treturn -EINVAL;

\treturn 0;
}

static int second(struct vm_area_desc *desc)
{
\tint err;

\terr = first(desc);
\tif (err)
\t\tgoto out;
\tdesc->vm_flags |= VM_IO | VM_PFNMAP;
\tdesc->vm_ops = &ops;
\tdesc->private_data = NULL;
out:
\treturn err;
}
"""


def git_diff(box: Sandbox, before: dict[str, bytes], after: dict[str, bytes], *more: str) -> bytes:
    box.commit(before)
    box.write(after)
    return box.git("diff", "--abbrev=12", *more)


def ours(before: dict[str, bytes], after: dict[str, bytes], context: int = 3) -> bytes:
    changes = [FileChange(name, before[name], after[name]) for name in before]
    return unified_diffs(changes, context)


CASES: dict[str, tuple[bytes, bytes]] = {
    "one line": (C_FILE, C_FILE.replace(b"desc->vm_flags & VM_SHARED", b"shared(desc)")),
    "two hunks": (
        C_FILE,
        C_FILE.replace(b"-EINVAL", b"-EPERM").replace(b"private_data = NULL", b"private_data = p"),
    ),
    "after a label": (C_FILE, C_FILE.replace(b"\treturn err;\n", b"\treturn 0;\n")),
    "a doubled function": (C_FILE, C_FILE + b"\n" + C_FILE.split(b"\n\n")[1] + b"\n"),
    "all gone": (C_FILE, b""),
    "from nothing": (b"", C_FILE),
    "newline lost": (b"a\nb\n", b"a\nb"),
    "newline gained": (b"a\nb", b"a\nb\n"),
    "no newline on either side": (b"a\nb\nc", b"x\nb\nc"),
    "crlf": (b"a\r\nb\r\nc\r\n", b"a\r\nB\r\nc\r\n"),
    "lone carriage returns": (b"a\rb\nc\n", b"a\rb\nd\n"),
    "latin-1": (b"int caf\xe9;\nint x;\n", b"int caf\xe9;\nint y; /* \xfc */\n"),
    "blank lines move": (b"a\n\n\nb\n\n\nc\n", b"a\n\nb\n\n\n\nc\n"),
    "form feed": (b"a\n\fb\nc\n", b"a\n\fb\nd\n"),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("context", [0, 1, 3, 10])
def test_equals_git(box: Sandbox, name: str, context: int) -> None:
    before, after = CASES[name]
    wanted = git_diff(box, {"a.c": before}, {"a.c": after}, f"-U{context}")
    assert wanted.startswith(b"diff --git")
    assert ours({"a.c": before}, {"a.c": after}, context) == wanted


def test_paths_and_modes_are_quoted_as_git_does(box: Sandbox) -> None:
    names = [
        "with space.c",
        "ü.c",
        'quo"te.c',
        "tab\there.c",
        "back\\slash.c",
        "dir/plain.c",
        "B.c",
    ]
    before = dict.fromkeys(names, b"a\n")
    after = dict.fromkeys(names, b"b\n")
    wanted = git_diff(box, before, after)
    assert ours(before, after) == wanted


def test_a_name_that_is_not_utf8(box: Sandbox) -> None:
    name = b"caf\xe9.c".decode("utf-8", "surrogateescape")
    wanted = git_diff(box, {name: b"a\n"}, {name: b"b\n"})
    assert ours({name: b"a\n"}, {name: b"b\n"}) == wanted


def test_the_mode_is_printed(box: Sandbox) -> None:
    box.write({"run": b"a\n"})
    (box.path / "run").chmod(0o755)
    wanted = git_diff(box, {}, {"run": b"b\n"})
    assert b" 100755\n" in wanted
    assert unified_diff(FileChange("run", b"a\n", b"b\n", 0o100755)) == wanted


def test_headings_outside_c(box: Sandbox) -> None:
    before = b"".join(b"section %d\n  text\n  more\n  text\n  end\n" % n for n in range(9))
    after = before.replace(b"section 6\n  text", b"section 6\n  word")
    assert ours({"a.txt": before}, {"a.txt": after}) == git_diff(
        box, {"a.txt": before}, {"a.txt": after}
    )


def test_long_headings_are_cut_as_git_cuts_them(box: Sandbox) -> None:
    start = b"static int " + b"f" * 60 + b"(int argument, int b)\n{\n"
    start += b"\tint a;\n\tint b;\n\tint c;\n\tint d;\n\treturn 0;\n}\n"
    for pad in range(12):
        before = start.replace(b"(int", b"(" + b" " * pad + b"int")
        after = before.replace(b"return 0", b"return 1")
        box.commit({"a.c": before})
        box.write({"a.c": after})
        assert ours({"a.c": before}, {"a.c": after}) == box.git("diff", "--abbrev=12")


def test_headings_end_where_utf8_does(box: Sandbox) -> None:
    body = b"\n{\n\tint a;\n\tint b;\n\tint c;\n\tint d;\n\treturn 0;\n}\n"
    for name in ["é".encode() * 50, b"x" + "é".encode() * 50, b"caf\xe9 au lait", "日本".encode()]:
        before = b"int f_" + name + b"(void)" + body
        after = before.replace(b"return 0", b"return 1")
        box.commit({"a.c": before})
        box.write({"a.c": after})
        assert ours({"a.c": before}, {"a.c": after}) == box.git("diff", "--abbrev=12")


def test_many_edits_equal_git(box: Sandbox) -> None:
    """Blocks moved, copied, dropped and rewritten at random in C of a thousand lines."""
    chance = random.Random(7)
    before, after = {}, {}
    for number in range(120):
        lines = (C_FILE * 12).splitlines(keepends=True)
        lines = [line.replace(b"first", b"first%d" % (i % 7)) for i, line in enumerate(lines)]
        name = f"f{number}.c"
        before[name] = b"".join(lines)
        after[name] = b"".join(scramble(lines, chance))
    wanted = git_diff(box, before, after)
    assert wanted.count(b"diff --git") == 120
    assert ours(before, after) == wanted


def scramble(lines: list[bytes], chance: random.Random) -> list[bytes]:
    lines = list(lines)
    for _ in range(chance.choice([1, 2, 5, 15])):
        at = chance.randrange(len(lines))
        end = at + chance.choice([1, 1, 2, 5, 20])
        other = chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                del lines[at:end]
            case 1:
                lines[at:at] = lines[other : other + end - at]
            case 2:
                block = lines[at:end]
                del lines[at:end]
                lines[other:other] = block
            case 3:
                lines[at:end] = [b"\tnew(%d);\n" % chance.randrange(5)]
            case _:
                lines[at:at] = chance.choice([[b"\n"], [b"}\n"], [b"\t}\n", b"\n"]])
    return lines or [b"x\n"]


LINE = st.sampled_from([b"a", b"b", b"\tb", b"}", b"", b"\xe9", b"c\r", b"int f(void)", b"x:"])
TEXT = st.builds(
    lambda lines, end: b"\n".join(lines) + end,
    st.lists(LINE, max_size=30),
    st.sampled_from([b"", b"\n"]),
)


@pytest.fixture(scope="module")
def shared_box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("apply")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=TEXT, after=TEXT)
def test_git_apply_reproduces_after(shared_box: Path, before: bytes, after: bytes) -> None:
    box = Sandbox(shared_box)
    if not (shared_box / ".git").exists():
        make_sandbox(shared_box)
    box.write({"dir/a.c": before})
    diff = unified_diff(FileChange("dir/a.c", before, after))
    if before == after:
        assert diff == b""
        return
    box.git("apply", "--whitespace=nowarn", "-", feed=diff)
    assert box.read("dir/a.c") == after


def test_binary_is_refused() -> None:
    with pytest.raises(BinaryChange, match=r"a\.c is binary"):
        unified_diff(FileChange("a.c", b"a\0b\n", b"c\n"))


def test_a_nul_far_down_is_text_as_for_git(box: Sandbox) -> None:
    before = b"x\n" * 5000 + b"\0\n"
    after = before + b"y\n"
    assert ours({"a.c": before}, {"a.c": after}) == git_diff(box, {"a.c": before}, {"a.c": after})


def test_counts() -> None:
    diff = file_diff(FileChange("a.c", b"a\nb\nc\n", b"a\nB\nC\nD\n"))
    assert (diff.gone, diff.came) == (2, 3)


def test_a_huge_file_with_few_edits_is_quick() -> None:
    """Ten thousand lines, ten edits; comparing each line with each would take minutes."""
    lines = [b"\tcall_%d(%d);\n" % (i % 97, i) for i in range(10_000)]
    edited = list(lines)
    for at in range(500, 10_000, 1000):
        edited[at] = b"\tother();\n"
    change = FileChange("a.c", b"".join(lines), b"".join(edited))
    assert processor_time(lambda: unified_diff(change)) < 2_000_000
