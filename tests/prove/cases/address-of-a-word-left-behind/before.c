// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static void quill_add(vm_flags_t *flags)
{
	*flags |= VM_READ;
}

int quill(struct vm_area_desc *desc, int n)
{
	vm_flags_t flags = desc->vm_flags;

	quill_add(&flags);
	return flags & VM_IO ? 1 : 0;
}
