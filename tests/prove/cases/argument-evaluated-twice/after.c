// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	return vma_desc_test_flags(quill_next(desc), VMA_READ_BIT) && quill_next(desc);
}
