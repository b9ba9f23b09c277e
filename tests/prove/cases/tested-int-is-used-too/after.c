// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	int s = vma_desc_test_flags(desc, VMA_SHARED_BIT);

	if (s)
		n++;
	return n + s;
}
