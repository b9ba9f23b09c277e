// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_mark(struct vm_area_desc *desc, unsigned long how)
{
	desc->vm_flags |= how;
	return 0;
}

int quill_mark_all(struct vm_area_desc *desc)
{
	unsigned long how = VM_IO | VM_MIXEDMAP;

	return quill_mark(desc, how);
}
