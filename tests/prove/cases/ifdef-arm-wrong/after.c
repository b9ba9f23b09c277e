// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
#ifdef CONFIG_MMU
	vma_desc_set_flags(desc, VMA_IO_BIT);
#else
	vma_desc_set_flags(desc, VMA_IO_BIT);
#endif
	return 0;
}
