# SPDX-License-Identifier: GPL-2.0-only
"""A pipe that nobody writes to, in the place of a file: an error with its name, and no waiting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command_line import copy_kernel, run

from vmaconv.cocci.text.clock import Limit

RULE = "@@\nexpression E;\n@@\n- a(E)\n+ b(E)\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = copy_kernel(tmp_path / "kernel")
    (tmp_path / "r.cocci").write_text(RULE)
    (tmp_path / "mails").mkdir()
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "mails/0001-pipe.patch")
    os.mkfifo(tmp_path / "folder.patch")
    return root


@pytest.mark.parametrize(
    "words",
    [
        ("diff", "TREE", "--rules", "HERE/pipe"),
        ("rules", "check", "HERE/pipe"),
        ("explain", "HERE/pipe", "TREE/mm/util.c"),
        ("explain", "HERE/r.cocci", "HERE/pipe"),
        ("migrate", "TREE", "--plan", "HERE/pipe"),
        ("migrate", "TREE", "--recipe", "HERE/pipe"),
        ("hooks", "TREE", "--recipe", "HERE/pipe"),
        ("spatch", "--sp-file", "HERE/pipe", "HERE/a.c"),
        ("spatch", "--sp-file", "HERE/r.cocci", "--file-groups", "HERE/pipe"),
        ("prove", "TREE", "--patch", "HERE/pipe"),
        ("series", "TREE", "-o", "HERE/out", "--template", "HERE/pipe"),
        ("series", "TREE", "-o", "HERE/out", "-v2", "--range-diff", "HERE/mails"),
    ],
    ids=" ".join,
)
def test_a_pipe_is_no_file(words: tuple[str, ...], tree: Path) -> None:
    here = str(tree.parent)
    (tree.parent / "a.c").write_text("int a;\n")
    said = [word.replace("TREE", str(tree)).replace("HERE", here) for word in words]
    with Limit(60):
        done = run(*said)
    assert done.code not in (0, 1)
    assert "pipe" in done.err or "mails" in done.err
    assert not (tree.parent / "out").exists()


@pytest.mark.parametrize("words", [("HERE/pipe",), ("--iso-file", "HERE/pipe", "HERE/a.c")])
def test_a_pipe_among_files_is_named_as_spatch_names_it(words: tuple[str, ...], tree: Path) -> None:
    here = str(tree.parent)
    (tree.parent / "a.c").write_text("int a;\n")
    said = [word.replace("HERE", here) for word in words]
    with Limit(60):
        done = run("spatch", "--sp-file", f"{here}/r.cocci", *said)
    assert "EXN: " in done.err or "Can't find default iso file: " in done.err
    assert f"{here}/pipe" in done.err


def test_pipes_among_the_configuration_of_a_tree_are_passed_over(tree: Path) -> None:
    plain = run("hooks", tree).out
    os.mkfifo(tree / "mm/Kconfig")
    os.mkfifo(tree / "drivers/Makefile")
    with Limit(60):
        assert run("hooks", tree).out == plain
