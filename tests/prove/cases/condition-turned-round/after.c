// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	vma_desc_set_flags(desc, VMA_IO_BIT);
#ifndef CONFIG_MMU
	vma_desc_set_flags(desc, VMA_PFNMAP_BIT);
#endif
	return 0;
}
