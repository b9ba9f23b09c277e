// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	quill_touch(desc);
	if (vma_desc_test_flags(desc, VMA_EXEC_BIT))
		return -EACCES;
	return 0;
}
