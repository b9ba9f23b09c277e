// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

bool quill(struct vm_area_desc *desc)
{
	return desc != NULL && vma_desc_test_flags(desc, VMA_READ_BIT);
}
