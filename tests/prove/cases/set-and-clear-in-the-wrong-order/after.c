// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	vma_desc_set_flags(desc, VMA_IO_BIT, VMA_PFNMAP_BIT);
	vma_desc_clear_flags(desc, VMA_IO_BIT);
	return 0;
}
