// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	if (quill_busy(file))
		return -EBUSY;
	vm_flags_set(vma, VM_IO | VM_PFNMAP);
	return 0;
}

const struct file_operations quill_fops = {
	.open = quill_open,
	.mmap = quill_mmap,
};
