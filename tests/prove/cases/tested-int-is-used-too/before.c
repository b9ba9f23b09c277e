// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	int s = desc->vm_flags & VM_SHARED;

	if (s)
		n++;
	return n + s;
}
