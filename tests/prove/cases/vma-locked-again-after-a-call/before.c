// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_struct *vma, struct vm_area_struct *next)
{
	vma_start_write(vma);
	quill_unlock(vma);
	vma_start_write(vma);
	vm_flags_set(vma, VM_IO);
	return 0;
}
