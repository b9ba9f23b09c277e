// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static void quill_add(vma_flags_t *flags)
{
	vma_flags_set(flags, VMA_READ_BIT);
}

int quill(struct vm_area_desc *desc, int n)
{
	vm_flags_t flags = desc->vm_flags;

	quill_add(&flags);
	return flags & VM_IO ? 1 : 0;
}
