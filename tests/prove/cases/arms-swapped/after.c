// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	if (vma_desc_test_flags(desc, VMA_SHARED_BIT))
		quill_two(n);
	else
		quill_one(n);
	return 0;
}
