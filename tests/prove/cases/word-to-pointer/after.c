// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static bool quill_may(const vma_flags_t *flags, int n)
{
	return !vma_flags_test(flags, VMA_LOCKED_BIT) || n;
}

int quill_prepare(struct vm_area_desc *desc)
{
	if (quill_may(&desc->vma_flags, 3))
		return 0;
	return -EPERM;
}

int quill_again(struct vm_area_desc *desc)
{
	quill_touch(desc);
	return quill_may(&desc->vma_flags, 4) ? 0 : -EPERM;
}
