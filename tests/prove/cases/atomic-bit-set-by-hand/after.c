// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

void quill(struct vm_area_desc *desc)
{
	__set_bit(4, desc->vma_flags.__vma_flags);
}
