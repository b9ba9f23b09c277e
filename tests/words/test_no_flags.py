# SPDX-License-Identifier: GPL-2.0-only
"""Setters that are given no flags, or none on one side.

In: the tree of 7.x's shape, with a file more. Out: that what changes nothing is not written.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import FIXTURES, run

KERNEL = FIXTURES / "kernel-7"
LOCK = "vma_start_write(vma);\n\t"
SET, CLEAR = "vma_set_flags(vma, VMA_IO_BIT);", "vma_clear_flags(vma, VMA_READ_BIT);"


@pytest.mark.parametrize("none", ["0", "VM_NONE"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("vm_flags_mod(vma, VM_IO, %s);", LOCK + SET),
        ("vm_flags_mod(vma, %s, VM_READ);", LOCK + CLEAR),
        ("vma_start_write(vma);\n\tvm_flags_mod(vma, VM_IO, %s);", LOCK + SET),
        ("vma_start_write(vma);\n\tvm_flags_mod(vma, %s, VM_READ);", LOCK + CLEAR),
        ("vm_flags_init(vma, %s);", "vma->flags = EMPTY_VMA_FLAGS;"),
    ],
)
def test_what_is_empty_is_left_out(tmp_path: Path, before: str, after: str, none: str) -> None:
    tree = tmp_path / "kernel-7"
    shutil.copytree(KERNEL, tree)
    head = "#include <linux/mm.h>\n\nvoid none(struct vm_area_struct *vma)\n{\n\t"
    path = tree / "mm/none.c"
    path.write_text(f"{head}{before % none}\n}}\n")
    done = run("apply", tree, "mm/none.c", "-j1")
    assert done.code == 0, done.err
    assert path.read_text() == f"{head}{after}\n}}\n"
