// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_struct *vma, struct vm_area_struct *next)
{
	vma_start_write(vma);
	vma_set_flags(vma, VMA_IO_BIT);
	return 0;
}
