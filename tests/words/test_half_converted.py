# SPDX-License-Identifier: GPL-2.0-only
"""A tree in the middle of the conversion: both forms in one function.

In: the tree of 7.x's shape, with a file more. Out: that what is left of the word goes, and what is there
of the bitmap stays.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import FIXTURES, run

KERNEL = FIXTURES / "kernel-7"

CASES = [
    # What was converted before holds the lock.
    (
        "vma_start_write(vma);\n\tvma_set_flags(vma, VMA_IO_BIT);\n\tvm_flags_set(vma, VM_READ);",
        "vma_start_write(vma);\n\tvma_set_flags(vma, VMA_IO_BIT);\n\tvma_set_flags(vma, VMA_READ_BIT);",
    ),
    (
        "return vma_test(vma, VMA_READ_BIT) && (vma->vm_flags & VM_WRITE);",
        "return vma_test(vma, VMA_READ_BIT) && vma_test(vma, VMA_WRITE_BIT);",
    ),
    # Conversions between the two go where both sides have the bitmap.
    (
        "vma_flags_t flags = legacy_to_vma_flags(vma->vm_flags);\n\n\ttake(flags);",
        "vma_flags_t flags = vma->flags;\n\n\ttake(flags);",
    ),
    ("take(legacy_to_vma_flags(vma->vm_flags));", "take(vma->flags);"),
    ("vm_flags_init(vma, vma_flags_to_legacy(flags));", "vma->flags = flags;"),
    # The word goes on: that is another's decision.
    ("take(legacy_to_vma_flags(vma->vm_flags | VM_IO));", None),
    ("vm_flags_reset(vma, vma_flags_to_legacy(flags));", None),
    ("take_word(vma_flags_to_legacy(vma->flags));", None),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_both_forms_in_one_function(tmp_path: Path, before: str, after: str | None) -> None:
    tree = tmp_path / "kernel-7"
    shutil.copytree(KERNEL, tree)
    head = "#include <linux/mm.h>\n\nvoid take(vma_flags_t flags);\nvoid take_word(vm_flags_t flags);\n\n"
    head += "int half(struct vm_area_struct *vma, vma_flags_t flags)\n{\n\t"
    path = tree / "mm/half.c"
    path.write_text(f"{head}{before}\n}}\n")
    for _ in range(2):
        done = run("apply", tree, "mm/half.c", "-j1")
        assert done.code == 0, done.err
        assert path.read_text() == f"{head}{after or before}\n}}\n"
