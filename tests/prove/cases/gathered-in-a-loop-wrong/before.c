// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	vm_flags_t flags = 0;

	for (; desc; desc = quill_next(desc))
		flags |= desc->vm_flags;
	return flags & VM_READ ? 1 : 0;
}
