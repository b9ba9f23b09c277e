# SPDX-License-Identifier: GPL-2.0-only
"""Which files hold a word: the answer is the same for any number of words and any git."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from vmaconv.cocci.text.files import Search
from vmaconv.cocci.text.git_command import word_patterns

TEXTS = {
    "a.c": "int vm_flags;\n",
    "b.c": "int my_vm_flags, vm_flags2;\n",
    "c.h": "x->VM_IO;\n",
    "d.c": '/* \xe9\xff */ char *s = "VM_IO";\n',
    "e.c": "nothing\n",
    "f.txt": "VM_IO\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        (tmp_path / name).write_bytes(text.encode("latin-1"))
    return tmp_path


def expected(words: list[str], whole: bool) -> list[str]:
    around = r"\b(?:{})\b" if whole else "{}"
    pattern = re.compile(around.format("|".join(map(re.escape, words))))
    return [name for name, text in TEXTS.items() if name[-1] in "ch" and pattern.search(text)]


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        ["vm_flags"],
        ["vm_flags", "VM_IO"],
        ["VM_IO", "x->V", "[a-z]*"],
        [f"no_word_{number}" for number in range(1200)] + ["VM_IO"],
        ["vm_flags", "no_flags", "or_flags", "VM_IO"],
    ],
    ids=["one", "two", "signs", "many", "common ending"],
)
def test_words_are_found(words: list[str], whole: bool, tree: Path) -> None:
    wanted = expected(words, whole) if "x->V" not in words else ["c.h", "d.c"]
    assert Search(tree, words, whole=whole).result() == wanted


def test_a_git_without_pcre_finds_the_same(
    tree: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.which("git")
    assert real is not None
    folder = tmp_path_factory.mktemp("bin")
    log = folder / "log"
    (folder / "git").write_text(
        "#!/bin/sh\n"
        f'for word; do [ "$word" = -P ] && echo refused >>{log} && exit 128; done\n'
        f'exec {real} "$@"\n'
    )
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    assert Search(tree, ["vm_flags", "VM_IO"], whole=True).result() == ["a.c", "c.h", "d.c"]
    assert log.read_text() == "refused\n"


def test_lines_that_hold_a_word_are_brought(tree: Path) -> None:
    (tree / "odd\nname.c").write_bytes(b"int a;\nVM_IO\0x\n VM_IO")
    search = Search(tree, ["vm_flags", "VM_IO"], whole=True, lines=True)
    assert search.lines() == {
        "a.c": b"int vm_flags;\n",
        "c.h": b"x->VM_IO;\n",
        "d.c": b'/* \xe9\xff */ char *s = "VM_IO";\n',
        "odd\nname.c": b"VM_IO\0x\n VM_IO\n",
    }
    assert search.result() == sorted(search.lines())


def test_a_search_with_lines_says_who_holds_some_of_its_words(tree: Path) -> None:
    nested = tree / "nested"
    (nested / ".git").mkdir(parents=True)
    (nested / "own.c").write_text("VM_IO;\n")
    (nested / "other.c").write_text("vm_flags;\n")
    search = Search(tree, ["vm_flags", "VM_IO"], lines=True)
    assert search.holding(["VM_IO"]) == ["c.h", "d.c", "nested/own.c"]
    assert search.holding(["vm_flags"]) == ["a.c", "b.c", "nested/other.c"]
    assert search.holding(["vm_flags", "VM_IO"]) == search.result()


def test_a_git_with_pcre_is_told_so(tree: Path) -> None:
    tried = ["git", "grep", "--no-index", "-l", "-P", "-e", "vm_[f]lags", "--", "a.c"]
    works = subprocess.run(tried, cwd=tree, capture_output=True, check=False).returncode == 0
    assert (word_patterns(["vm_flags", "VM_IO"], True)[0] == "-P") == works


def test_words_within_words_are_not_sought_twice() -> None:
    assert "vm_flags_set" not in "".join(word_patterns(["vm_flags", "vm_flags_set"], False))
    assert "vm_flags_set" in "".join(word_patterns(["vm_flags", "vm_flags_set"], True))
