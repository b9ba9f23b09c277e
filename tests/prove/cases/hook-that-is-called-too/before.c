// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill(struct file *file, struct vm_area_struct *vma)
{
	vma_start_write(vma);
	vm_flags_set(vma, VM_IO);
	return 0;
}

const struct file_operations quill_fops = {
	.mmap = quill,
};

int quill_again(struct file *file, struct vm_area_struct *vma)
{
	return quill(file, vma);
}
