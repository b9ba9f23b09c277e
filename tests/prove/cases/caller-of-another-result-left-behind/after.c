// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static vma_flags_t quill_of(int n)
{
	if (n)
		return mk_vma_flags(VMA_READ_BIT);
	return EMPTY_VMA_FLAGS;
}

int quill(int n)
{
	return quill_of(n) & VM_READ ? 1 : 0;
}
