// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	return quill_ask(desc->vm_flags & VM_READ, desc->vm_flags & VM_IO);
}
