// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#define QUILL_STEP(x) ((x) + 2)

int quill(struct vm_area_desc *desc, int n)
{
	n = QUILL_STEP(n);
	return quill_take(desc, n + 1);
}

int quill_too(struct vm_area_desc *desc, int n)
{
	n = QUILL_STEP(n);
	vma_desc_set_flags(desc, VMA_IO_BIT);
	return n;
}
