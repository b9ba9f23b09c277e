// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	vma_flags_t flags = EMPTY_VMA_FLAGS;

	for (; desc; desc = quill_next(desc))
		flags = desc->vma_flags;
	return vma_flags_test(&flags, VMA_READ_BIT) ? 1 : 0;
}
