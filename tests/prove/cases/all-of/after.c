// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	if (vma_flags_test_all(&desc->vma_flags, VMA_READ_BIT, VMA_EXEC_BIT))
		return -EACCES;
	return 0;
}
