// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	if (desc->vm_flags & VM_SHARED)
		quill_one(n);
	else
		quill_two(n);
	return 0;
}
