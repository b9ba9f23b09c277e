// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static vma_flags_t quill_f(struct vm_area_desc *desc)
{
	vma_flags_t f = desc->vma_flags;

	vma_flags_clear(&f, VMA_READ_BIT);
	return f;
}
