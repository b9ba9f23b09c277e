// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#define is_quill(desc) vma_desc_test_flags(desc, VMA_WRITE_BIT)

int quill(struct vm_area_desc *desc)
{
	return is_quill(desc) ? 1 : 0;
}
