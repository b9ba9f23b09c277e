// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	unsigned long f = desc->vm_flags & (VM_READ | VM_IO);

	return f != 0;
}
