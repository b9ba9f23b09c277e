// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	vma_desc_set_flags_mask(desc, VMA_REMAP_FLAGS);
	return 0;
}
