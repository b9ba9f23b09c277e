// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

void quill_take(struct vm_area_desc *desc, unsigned long how);

void quill(struct vm_area_desc *desc)
{
	quill_take(desc, desc->vm_flags & VM_IO);
}
