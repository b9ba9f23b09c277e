// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc)
{
	int (*f)(struct vm_area_desc *) = vma_desc_test_flags(desc, VMA_IO_BIT) ? quill_b : quill_a;

	return f(desc);
}
