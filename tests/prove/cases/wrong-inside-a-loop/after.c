// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	int i;

	for (i = 0; i < 4; i++) {
		quill_touch(desc);
		if (!vma_desc_test_flags(desc, VMA_LOCKED_BIT))
			break;
	}
	return 0;
}
