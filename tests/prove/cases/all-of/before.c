// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	if ((desc->vm_flags & (VM_READ | VM_EXEC)) == (VM_READ | VM_EXEC))
		return -EACCES;
	return 0;
}
