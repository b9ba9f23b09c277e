// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	vma_flags_t f = desc->vm_flags;

	quill_take(f);
	return 0;
}
