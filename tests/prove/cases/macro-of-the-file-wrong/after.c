// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#define IS_IO(d) vma_desc_test_flags(d, VMA_READ_BIT)
int quill(struct vm_area_desc *desc, int n)
{
	return IS_IO(desc) != 0;
}
