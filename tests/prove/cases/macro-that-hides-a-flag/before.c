// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc)
{
	return !!(desc->vm_flags & VM_IO);
}
