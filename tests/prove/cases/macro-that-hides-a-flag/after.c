// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#undef VM_IO
#define VM_IO VM_READ

int quill(struct vm_area_desc *desc)
{
	return !!(desc->vm_flags & VM_IO);
}
