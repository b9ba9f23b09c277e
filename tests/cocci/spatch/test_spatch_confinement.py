# SPDX-License-Identifier: GPL-2.0-only
"""What a rule file from a stranger may have read: option lines, iterations, includes."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import run
from spatch_calls import RENAME, ours

from vmaconv.cli import exits

FORBIDDEN = (
    *("--trust-scripts", "--in-place", "--out-place", "--suffix .old", "-o out.c"),
    *("--dir ..", "--opt-c ../secret.c", "--file-groups groups", "--sp-file other.cocci"),
    *("-I ../elsewhere", "--include ../secret.h", "--macro-file ../secret.h"),
    *("--iso-file ../secret.iso", "--patch ..", "--index 0 --max 2", "--parse-cocci", "--version"),
    *("-in_place", "-trust_scripts", "--ignore-unknown-options --trust-scripts"),
)

PASSED_OVER = (
    *("-j 4", "-j4", "--jobs=4", "--timeout 0", "--no-show-diff", "-U 9", "--very-quiet"),
    *("--ignore d", "--selected-only"),
)

OBEYED = (
    *("-D patch", "--no-includes", "--all-includes", "--disable-iso drop_cast"),
    *("--smpl-spacing", "--keep-comments", "--no-loops", "--no-gotos"),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree/a.c").write_text("void f(void)\n{\n\tfoo(1);\n}\n")
    (tmp_path / "secret.c").write_text("int token = 7;\n")
    (tmp_path / "secret.h").write_text("void g(void)\n{\n\tfoo(7);\n}\n")
    monkeypatch.chdir(tmp_path / "tree")
    return tmp_path


@pytest.mark.parametrize("option", FORBIDDEN)
def test_an_option_line_that_does_more_than_match_is_an_error(option: str, folder: Path) -> None:
    (folder / "r.cocci").write_text(f"virtual patch\n\n# spatch {option}\n{RENAME}")
    called = ours(["--sp-file", "../r.cocci", "a.c"])
    assert called.status == 255
    assert "../r.cocci:3:1: a rule file may not ask for" in called.err
    assert "on the command line" in called.err
    assert called.out == ""
    assert sorted(p.name for p in (folder / "tree").iterdir()) == ["a.c"]


@pytest.mark.parametrize("option", PASSED_OVER)
def test_an_option_line_about_the_run_is_passed_over_and_named(option: str, folder: Path) -> None:
    (folder / "r.cocci").write_text(f"# spatch {option}\n{RENAME}")
    called = ours(["--sp-file", "../r.cocci", "a.c"])
    assert called.status == 0
    assert f"../r.cocci:1:1: {option.split()[0]} is passed over" in called.err
    assert "+\tbar(1);" in called.out


@pytest.mark.parametrize("option", OBEYED)
def test_an_option_line_that_chooses_what_matches_is_obeyed(option: str, folder: Path) -> None:
    rule = f"# spatch {option}\nvirtual patch\n{RENAME}"
    (folder / "r.cocci").write_text(rule)
    called = ours(["--sp-file", "../r.cocci", "a.c"])
    assert called.status == 0
    assert "passed over" not in called.err
    assert "+\tbar(1);" in called.out


def test_an_unknown_option_of_a_rule_file_is_an_error_with_its_line(folder: Path) -> None:
    (folder / "r.cocci").write_text(f"\n# spatch --no-such-thing\n{RENAME}")
    called = ours(["--sp-file", "../r.cocci", "a.c"])
    assert called.status == 255
    assert "../r.cocci:2:1: the option --no-such-thing of the rule file is unknown" in called.err


ITERATION = """virtual go
@first depends on !go@
identifier f;
@@
f(...) {{ ... }}
@script:python depends on first@
@@
it = Iteration()
it.set_files({files})
it.add_virtual_rule("go")
it.register()
@r depends on go@
expression E, V;
@@
E = V
@script:python depends on r@
v << r.V;
@@
print("READ", v)
"""

QUIET = ["--no-show-diff", "--very-quiet"]


@pytest.mark.parametrize("option", [*FORBIDDEN, "--no-such-thing"])
def test_checking_a_rule_file_reports_its_option_lines(option: str, folder: Path) -> None:
    (folder / "r.cocci").write_text(f"virtual patch\n\n# spatch {option}\n{RENAME}")
    checked = run("rules", "check", folder / "r.cocci")
    assert checked.code == exits.RULE
    assert "r.cocci:3:1: " in checked.err


def test_checking_a_rule_file_names_the_option_lines_that_are_passed_over(folder: Path) -> None:
    (folder / "r.cocci").write_text(f"# spatch -j 4\n{RENAME}")
    checked = run("rules", "check", folder / "r.cocci")
    assert checked.code == exits.OK
    assert "r.cocci:1:1: -j is passed over" in checked.err


@pytest.mark.parametrize(
    "name", ["../secret.c", "/etc/passwd", "link.c", "notes.conf", "sub/../../secret.c"]
)
def test_an_iteration_stays_in_the_folders_of_the_run(name: str, folder: Path) -> None:
    (folder / "tree/sub").mkdir()
    (folder / "tree/link.c").symlink_to("../secret.c")
    (folder / "tree/notes.conf").write_text("int f(void) { x = 1; }\n")
    (folder / "r.cocci").write_text(ITERATION.format(files=[name]))
    called = ours(["--sp-file", "../r.cocci", "a.c", *QUIET])
    assert called.status == 255
    assert "READ" not in called.out
    assert f"../r.cocci:11:1: the script asks for a run over {name}" in called.err


@pytest.mark.parametrize("call", [["a.c"], ["--dir", "."], ["--dir", "../tree"]])
def test_an_iteration_may_name_files_below_the_folders_of_the_run(
    call: list[str], folder: Path
) -> None:
    (folder / "tree/sub").mkdir()
    (folder / "tree/sub/b.c").write_text("void g(void)\n{\n\tx = 9;\n}\n")
    (folder / "r.cocci").write_text(ITERATION.format(files=["sub/b.c"]))
    called = ours(["--sp-file", "../r.cocci", *call, *QUIET])
    assert (called.status, {*called.out.splitlines()}) == (0, {"READ 9"})


def test_a_trusted_iteration_may_name_any_file(folder: Path) -> None:
    (folder / "secret.c").write_text("void g(void)\n{\n\tx = 9;\n}\n")
    (folder / "r.cocci").write_text(ITERATION.format(files=["../secret.c"]))
    called = ours(["--sp-file", "../r.cocci", "a.c", *QUIET, "--trust-scripts"])
    assert (called.status, {*called.out.splitlines()}) == (0, {"READ 9"})


@pytest.mark.parametrize("how", ["--all-includes", "--recursive-includes", "--local-includes"])
@pytest.mark.parametrize("name", ["../secret.h", "{top}/secret.h", "link.h"])
def test_a_header_outside_the_tree_is_not_read(how: str, name: str, folder: Path) -> None:
    (folder / "tree/link.h").symlink_to("../secret.h")
    named = name.format(top=folder)
    (folder / "tree/a.c").write_text(f'#include "{named}"\nvoid f(void)\n{{\n\tfoo(1);\n}}\n')
    (folder / "r.cocci").write_text(RENAME)
    called = ours(["--sp-file", "../r.cocci", "a.c", how])
    assert "+\tbar(1);" in called.out
    assert "bar(7)" not in called.out
    assert ours(["--sp-file", "../r.cocci", "a.c", how, "-I", ".."]).out.count("bar(7)") == 1


def test_a_header_of_the_same_tree_is_read_wherever_it_is(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "tree/a.c").write_text('#include "../secret.h"\nvoid f(void)\n{\n\tfoo(1);\n}\n')
    (folder / "r.cocci").write_text(RENAME)
    called = ours(["--sp-file", "../r.cocci", "a.c", "--all-includes"])
    assert "bar(7)" in called.out


@pytest.mark.parametrize("name", ["../other.cocci", "{top}/other.cocci", "link.cocci"])
def test_a_rule_file_includes_only_what_is_beside_it(name: str, folder: Path) -> None:
    (folder / "other.cocci").write_text(RENAME)
    (folder / "tree/link.cocci").symlink_to("../other.cocci")
    (folder / "tree/r.cocci").write_text(f'#include "{name.format(top=folder)}"\n{RENAME}')
    called = ours(["--sp-file", "r.cocci", "a.c"])
    assert called.status == 255
    assert "r.cocci:1:1: the rule file" in called.err
    assert "lies outside the folder of this one" in called.err


def test_a_rule_file_below_may_include_one_above_that_is_beside_the_first(folder: Path) -> None:
    (folder / "tree/sub").mkdir()
    (folder / "tree/top.cocci").write_text(RENAME)
    (folder / "tree/sub/s.cocci").write_text('#include "../top.cocci"\n')
    (folder / "tree/r.cocci").write_text('#include "sub/s.cocci"\n')
    assert "+\tbar(1);" in ours(["--sp-file", "r.cocci", "a.c"]).out
