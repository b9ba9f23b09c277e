// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_mmap_prepare(struct vm_area_desc *desc)
{
	if (vma_desc_test_flags(desc, VMA_EXEC_BIT))
		return -EPERM;
	if (quill_busy(desc->file))
		return -EBUSY;
	vma_desc_set_flags(desc, VMA_IO_BIT, VMA_READ_BIT);
	return 0;
}

const struct file_operations quill_fops = {
	.open = quill_open,
	.mmap_prepare = quill_mmap_prepare,
};
