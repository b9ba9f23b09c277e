// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	vma_desc_clear_flags(desc, VMA_DONTDUMP_BIT);
	return 0;
}
