# SPDX-License-Identifier: GPL-2.0-only
"""The flags that new mappings of a process get, which have a bitmap beside their word.

In: the tree of 7.x's shape, whose processes have such flags here, and a file that names no VMA. Out: that
it is looked at and converted, as far as the tree has what it needs.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import FIXTURES, run

KERNEL = FIXTURES / "kernel-7"

UNION = """\
	union {
		vm_flags_t def_flags;
		vma_flags_t def_vma_flags;
	};
"""

HELPERS = """
static __always_inline bool vma_flags_test(const vma_flags_t *flags,
					   vma_flag_t bit)
{
	return vma_flags_test_any_mask(flags, mk_vma_flags(bit));
}

#define vma_flags_test_any(flags, ...) \\
	vma_flags_test_any_mask(flags, mk_vma_flags(__VA_ARGS__))
#define vma_flags_set(flags, ...) \\
	vma_flags_set_mask(flags, mk_vma_flags(__VA_ARGS__))
#define vma_flags_clear(flags, ...) \\
	vma_flags_clear_mask(flags, mk_vma_flags(__VA_ARGS__))
vma_flags_t vma_flags_and_mask(const vma_flags_t *flags, vma_flags_t to_and);

"""

BEFORE = """#include <linux/sched.h>

void start(struct mm_struct *mm, struct mm_struct *old)
{
	if (old) {
		mm->def_flags = old->def_flags & VM_LOCKED_MASK;
	} else if (current->mm) {
		mm->def_flags = current->mm->def_flags & (VM_LOCKED | VM_READ);
		mm->def_flags |= VM_READ;
		mm->def_flags &= ~VM_LOCKED_MASK;
	} else {
		mm->def_flags = 0;
	}
	if (!(mm->def_flags & VM_LOCKED))
		old->def_flags = mm->def_flags;
}
"""

AFTER = """#include <linux/sched.h>

void start(struct mm_struct *mm, struct mm_struct *old)
{
	if (old) {
		mm->def_vma_flags = vma_flags_and_mask(&old->def_vma_flags,
						       VMA_LOCKED_MASK);
	} else if (current->mm) {
		mm->def_vma_flags = vma_flags_and_mask(&current->mm->def_vma_flags,
						       mk_vma_flags(VMA_LOCKED_BIT, VMA_READ_BIT));
		vma_flags_set(&mm->def_vma_flags, VMA_READ_BIT);
		vma_flags_clear_mask(&mm->def_vma_flags, VMA_LOCKED_MASK);
	} else {
		mm->def_vma_flags = EMPTY_VMA_FLAGS;
	}
	if (!vma_flags_test(&mm->def_vma_flags, VMA_LOCKED_BIT))
		old->def_vma_flags = mm->def_vma_flags;
}
"""


AND = """#define vma_flags_and(flags, ...) \\
	vma_flags_and_mask(flags, mk_vma_flags(__VA_ARGS__))

"""

AFTER_AND = AFTER.replace(
    """vma_flags_and_mask(&current->mm->def_vma_flags,
						       mk_vma_flags(VMA_LOCKED_BIT, VMA_READ_BIT));""",
    """vma_flags_and(&current->mm->def_vma_flags,
						  VMA_LOCKED_BIT, VMA_READ_BIT);""",
)


@pytest.mark.parametrize(
    ("has_union", "helpers", "after"),
    [(True, HELPERS, AFTER), (True, HELPERS + AND, AFTER_AND), (False, HELPERS, BEFORE)],
    ids=["a union", "a union, and a helper that takes bits", "a word alone"],
)
def test_default_flags_are_converted_where_they_have_a_bitmap(
    tmp_path: Path, has_union: bool, helpers: str, after: str
) -> None:
    tree = tmp_path / "kernel-7"
    shutil.copytree(KERNEL, tree)
    types, header = (tree / "include/linux" / name for name in ("mm_types.h", "mm.h"))
    head = "struct mm_struct {\n"
    assert head in types.read_text()
    members = UNION if has_union else "\tvm_flags_t def_flags;\n"
    types.write_text(types.read_text().replace(head, head + members))
    place = "static __always_inline bool vma_test_any_mask("
    assert place in header.read_text()
    header.write_text(header.read_text().replace(place, helpers + place))
    (tree / "kernel").mkdir()
    (tree / "kernel/start.c").write_text(BEFORE)
    done = run("apply", tree, "kernel/start.c", "-j1")
    assert done.code == 0, done.err
    said = "nothing to convert" if after == BEFORE else "7 other places converted in 1 file, 0 left"
    assert said in done.err
    assert (tree / "kernel/start.c").read_text() == after
    # The default looks at all files, and a rule file that is named does, too.
    (tree / "kernel/start.c").write_text(BEFORE)
    run("apply", tree, "-j1", "--rules", "vma-bits")
    assert (tree / "kernel/start.c").read_text() == after
