// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	return vma_desc_test_flags(desc, VMA_IO_BIT) ? quill_b(n) : quill_a(n);
}
