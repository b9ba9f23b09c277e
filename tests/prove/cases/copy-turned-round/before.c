// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *a, struct vm_area_desc *b)
{
	a->vm_flags = b->vm_flags;
	return 0;
}
