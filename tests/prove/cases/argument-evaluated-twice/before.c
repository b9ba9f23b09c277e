// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	return (((struct vm_area_desc *)quill_next(desc))->vm_flags & VM_READ) != 0;
}
