// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static bool quill_may(vma_flags_t vma_flags, int n)
{
	return !vma_flags_test(&vma_flags, VMA_LOCKED_BIT) || n;
}

int quill_prepare(struct vm_area_desc *desc)
{
	if (quill_may(desc->vma_flags, 3))
		return 0;
	return -EPERM;
}

int quill_again(struct vm_area_desc *desc)
{
	vma_flags_t flags;

	quill_touch(desc);
	flags = desc->vma_flags;
	vma_flags_set(&flags, VMA_LOCKED_BIT);
	return quill_may(flags, 4) ? 0 : -EPERM;
}
