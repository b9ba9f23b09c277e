// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill(struct file *file, struct vm_area_struct *vma)
{
	vma_set_flags(vma, VMA_IO_BIT);
	return 0;
}

const struct file_operations quill_fops = {
	.mmap = quill,
};
