// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	vma_flags_t vma_flags = desc->vma_flags;

	vma_flags_set(&vma_flags, VMA_IO_BIT);
	if (vma_flags_test(&vma_flags, VMA_EXEC_BIT))
		return -EACCES;
	return 0;
}
