# SPDX-License-Identifier: GPL-2.0-only
"""`.cocciconfig`: the home's, the current folder's, and the one of --dir."""

from __future__ import annotations

from pathlib import Path

import pytest
from spatch_calls import SPATCH, Called, lay_out, ours, theirs

RUN = "--sp-file rename.cocci --dir d"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "work/home").mkdir(parents=True)
    (tmp_path / "home").mkdir()
    lay_out(tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def config(path: str, *lines: str) -> None:
    Path(path).write_text("".join(f"{line}\n" for line in ("[spatch]", *lines)))


def call(words: str) -> Called:
    return ours(words.split())


def test_later_files_and_then_the_command_line_win() -> None:
    config("../home/.cocciconfig", "options = -U 0 --no-show-diff")
    config(
        ".cocciconfig", "", "# why", "; too", "\toptions=--timeout 200", "options = --no-includes"
    )
    config("d/.cocciconfig", " options  =  --all-includes -D x")
    called = call(f"--print-options-only {RUN} -U 1")
    words = "-U 0 --no-show-diff --timeout 200 --no-includes --all-includes -D x"
    shown = " ".join(f"'{w}'" for w in f"{words} --print-options-only {RUN} -U 1".split())
    assert called.err == f"options: 'vmaconv-spatch' {shown}\n"
    assert call(RUN.replace("rename", "virtual") + " --very-quiet").status == 255  # -D x


@pytest.mark.skipif(SPATCH is None, reason="spatch is not installed")
def test_spatch_reads_the_same_words() -> None:
    config("../home/.cocciconfig", "options = --timeout 100")
    config(".cocciconfig", "# why", "\toptions = --use-gitgrep -D a", "options=--no-includes")
    words = ["--print-options-only", "--sp-file", "rename.cocci", "d/a.c"]
    peer = theirs(words, Path.cwd()).err.strip().replace(str(SPATCH), "spatch")
    assert ours(words).err.strip().replace("vmaconv-spatch", "spatch") == peer


def test_the_users_own_file_may_ask_for_anything() -> None:
    config("../home/.cocciconfig", "options = --in-place --no-show-diff")
    called = call(f"{RUN} --very-quiet")
    assert (called.status, called.out, called.err) == (0, "", "")
    assert "bar(1)" in Path("d/a.c").read_text()


@pytest.mark.parametrize("where", [".cocciconfig", "d/.cocciconfig"])
@pytest.mark.parametrize("option", ["--in-place", "--trust-scripts", "--sp-file x.cocci", "-I /"])
def test_a_trees_own_file_may_only_choose_how_rules_match(where: str, option: str) -> None:
    config(where, f"options = {option}")
    called = call(f"{RUN} --very-quiet")
    assert (called.status, called.out) == (255, "")
    assert f"{where}:2:1: this file may not ask for {option.split()[0]}" in called.err
    assert "foo(1)" in Path("d/a.c").read_text()


def test_a_trees_time_limit_counts_up_to_our_own() -> None:
    config(".cocciconfig", "options = --timeout 200", "options = --jobs 1")
    assert "passed over" not in call(RUN).err
    config(".cocciconfig", "options = --timeout 0", "options = --jobs 1000")
    said = call(RUN).err
    assert ".cocciconfig:2:1: --timeout is passed over" in said
    assert ".cocciconfig:3:1: --jobs is passed over" in said
    assert "passed over" not in call(f"{RUN} --very-quiet").err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[diff]\noptions = -U 1\n", ".cocciconfig:1:1: [diff] is no section"),
        ("[spatch]\n  option = -U 1\n", ".cocciconfig:2:3: a .cocciconfig file has no `option`"),
        ("[spatch]\n-U 1\n", ".cocciconfig:2:1: a .cocciconfig file has no `-U 1`"),
        ("options = -U 1\n", ".cocciconfig:1:1: this line stands before any section"),
        ("[spatch]\noptions = --bogus\n", ".cocciconfig:2:1: the option --bogus of this file"),
        (
            "[spatch]\noptions = --no-saved-typedefs\n",
            ".cocciconfig:2:1: the option --no-saved-typedefs is spatch's",
        ),
        ("[spatch]\noptions = --timeout\n", "needs an argument"),
    ],
)
def test_a_file_that_is_not_understood_is_told(text: str, said: str) -> None:
    Path(".cocciconfig").write_text(text)
    called = call(f"{RUN} --very-quiet")
    assert (called.status, called.out) == (255, "")
    assert said in called.err
