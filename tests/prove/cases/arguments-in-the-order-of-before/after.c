// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_ask(int n, vma_flags_t flags)
{
	return vma_flags_test(&flags, VMA_READ_BIT) ? n : 0;
}

int quill(struct vm_area_desc *desc, int n)
{
	return quill_ask(desc->vma_flags, n);
}
