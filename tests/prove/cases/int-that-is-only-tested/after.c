// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	int n = vma_desc_test_flags(desc, VMA_WRITE_BIT);

	if (n)
		return -EACCES;
	return 0;
}
