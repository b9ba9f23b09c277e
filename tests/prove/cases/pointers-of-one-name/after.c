// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc)
{
	if (quill_is_outer(desc)) {
		struct vm_area_desc *desc = quill_inner();

		if (vma_desc_test_flags(desc, VMA_IO_BIT))
			return -EINVAL;
	}
	return 0;
}
