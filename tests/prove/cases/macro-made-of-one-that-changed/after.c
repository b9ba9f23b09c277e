// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#define is_quill(desc) vma_desc_test_flags(desc, VMA_IO_BIT)
#define quill_double(desc) (is_quill(desc) << 1)

int quill(struct vm_area_desc *desc, int n)
{
	return quill_double(desc);
}
