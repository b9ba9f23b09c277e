# SPDX-License-Identifier: GPL-2.0-only
"""How often a migration has git read the whole tree: each time costs as long as planning does."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from migrate_trees import after, make_tree, run

import vmaconv.cocci.text.files as files
from vmaconv.cocci.text.git_command import start_git

_TREE = {
    "mm/tide.h": b"bool tide_allows(vm_flags_t flags);\nbool tide_is_high(vm_flags_t flags);\n",
    "mm/tide.c": (
        b'#include "tide.h"\n\n'
        b"bool tide_is_high(vm_flags_t flags)\n{\n\treturn flags & VM_WRITE;\n}\n\n"
        b"bool tide_allows(vm_flags_t flags)\n{\n\treturn !tide_is_high(flags);\n}\n"
    ),
    "fs/tide.c": (
        b'#include "../mm/tide.h"\n\n'
        b"static int tide_mmap(struct vm_area_desc *desc)\n{\n"
        b"\treturn tide_allows(desc->vm_flags) ? 0 : -EPERM;\n}\n\n"
        b"bool tide_is_in(struct vm_area_struct *vma)\n{\n"
        b"\treturn tide_is_high(vma->vm_flags);\n}\n"
    ),
}


def test_functions_that_headers_declare_are_searched_for_before_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noted(
        folder: Path, *arguments: str, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        if arguments[-2:] == ("*.c", "*.h"):
            asked.append(" ".join(arguments))
        return start_git(folder, *arguments, env=env)

    monkeypatch.setattr(files, "start_git", noted)
    tree = make_tree(tmp_path / "tree", _TREE)
    migration = run(tree)
    assert b"tide_is_high(" in after(migration, tree, "mm/tide.c")
    assert b"vma_flags_t" in after(migration, tree, "mm/tide.h")
    assert len(asked) == 2, asked
