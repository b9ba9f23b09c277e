// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	vm_flags_t f = desc->vm_flags & VM_WRITE;

	if (n)
		goto out;
	f = 0;
out:
	return f != 0;
}
