// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

typedef int (*quill_fn)(struct vm_area_desc *desc, long n);
typedef unsigned long quill_row[8];

int quill(struct vm_area_desc *desc, int n)
{
	vma_desc_set_flags(desc, VMA_IO_BIT);
	return 0;
}
