# SPDX-License-Identifier: GPL-2.0-only
"""Casts to bool around a test, and checks of KCSAN's that name the flags.

In: the tree of 7.x's shape with a file that has them. Out: that the cast goes, as `!!` does, and that a
check, which wants an lvalue, names the bitmap.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import FIXTURES, run

KERNEL = FIXTURES / "kernel-7"

CODE = """#include <linux/mm.h>

bool asked(struct vm_area_struct *vma)
{
	bool one = (bool)(vma->vm_flags & VM_IO);
	int some = (bool)(vma->vm_flags & (VM_IO | VM_READ));
	int locked = (bool)(vma->vm_flags & VM_LOCKED_MASK) + 1;
	bool either = (bool)(vma->vm_flags & (VM_LOCKED | VM_SPECIAL));

	return one && some && locked && either && (bool)(vma->vm_flags & VM_DROPPABLE);
}

void copied(struct vm_area_struct *vma, struct vm_area_struct *orig)
{
	ASSERT_EXCLUSIVE_WRITER(orig->vm_flags);
	ASSERT_EXCLUSIVE_ACCESS(vma->vm_flags);
}
"""

AFTER = """#include <linux/mm.h>

bool asked(struct vm_area_struct *vma)
{
	bool one = vma_test(vma, VMA_IO_BIT);
	int some = vma_test_any(vma, VMA_IO_BIT, VMA_READ_BIT);
	int locked = vma_test_any_mask(vma, VMA_LOCKED_MASK) + 1;
	bool either = vma_test_any_mask(vma,
					append_vma_flags(VMA_SPECIAL_FLAGS,
							 VMA_LOCKED_BIT));

	return one && some && locked && either &&
	       vma_test_single_mask(vma, VMA_DROPPABLE);
}

void copied(struct vm_area_struct *vma, struct vm_area_struct *orig)
{
	ASSERT_EXCLUSIVE_WRITER(orig->flags);
	ASSERT_EXCLUSIVE_ACCESS(vma->flags);
}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    target = tmp_path / "kernel"
    shutil.copytree(KERNEL / "include", target / "include")
    (target / "mm").mkdir()
    (target / "mm/asked.c").write_text(CODE)
    return target


def test_a_cast_goes_with_the_word_and_a_check_names_the_bitmap(tree: Path) -> None:
    assert run("apply", str(tree), "mm", "-j1").code == 0
    assert (tree / "mm/asked.c").read_text() == AFTER
