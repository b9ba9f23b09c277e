// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *a, struct vm_area_desc *b)
{
	b->vma_flags = a->vma_flags;
	return 0;
}
