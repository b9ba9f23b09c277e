# SPDX-License-Identifier: GPL-2.0-only
"""Named compounds that the headers have no bitmap of.

In: the tree of 7.x's shape with such a compound, and a file that tests a VMA for it. Out: that `diff`
leaves it with the reason, instead of spelling its bits out, and that the recipe adds a bitmap.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import FIXTURES, run

KERNEL = FIXTURES / "kernel-7"

MASK = """#define VM_COPY_ON_FORK (VM_SPECIAL | VM_HUGETLB | VM_LOCKED | VM_LOCKONFAULT | \\
			 VM_NOHUGEPAGE | VM_DONTDUMP)
"""
BITMAP = """\
#define VMA_COPY_ON_FORK append_vma_flags(VMA_SPECIAL_FLAGS, VMA_HUGETLB_BIT, \\
					  VMA_LOCKED_BIT, VMA_LOCKONFAULT_BIT, \\
					  VMA_NOHUGEPAGE_BIT, \\
					  VMA_DONTDUMP_BIT)
"""

CODE = """#include <linux/mm.h>

int needs_copy(struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_COPY_ON_FORK)
		return 1;
	return vma->vm_flags & VM_IO ? 2 : 0;
}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    target = tmp_path / "kernel"
    shutil.copytree(KERNEL / "include", target / "include")
    header = target / "include/linux/mm.h"
    text = header.read_text()
    at = text.index("#define VM_LOCKED_MASK")
    header.write_text(text[:at] + MASK + text[at:])
    (target / "mm").mkdir()
    (target / "mm/fork.c").write_text(CODE)
    return target


def test_a_compound_without_a_bitmap_is_left_and_named(tree: Path) -> None:
    after = run("diff", str(tree)).out.decode()
    assert "+\treturn vma_test(vma, VMA_IO_BIT) ? 2 : 0;" in after
    assert "-\tif (vma->vm_flags & VM_COPY_ON_FORK)" not in after
    account = run("scan", str(tree), "--format", "json").out.decode()
    assert "mask-without-bitmap" in account
    assert "the headers have no bitmap of VM_COPY_ON_FORK (include/linux/mm.h:" in account


def test_the_recipe_adds_a_bitmap_beside_the_compound(tree: Path) -> None:
    after = run("migrate", str(tree), "--recipe", "vma-word").out.decode()
    assert "VMA_COPY_ON_FORK))\n \t\treturn 1;" in after
    assert "".join(f"+{line}\n" for line in BITMAP.splitlines()) in after


def test_once_the_headers_have_it_diff_takes_it(tree: Path) -> None:
    header = tree / "include/linux/mm.h"
    header.write_text(header.read_text().replace(MASK, MASK + BITMAP))
    after = run("diff", str(tree)).out.decode()
    assert "+\tif (vma_test_any_mask(vma, VMA_COPY_ON_FORK))" in after
