// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *a, struct vm_area_desc *b)
{
	a->vma_flags = b->vma_flags;
	return 0;
}
