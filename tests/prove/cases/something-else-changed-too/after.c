// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	quill_count(2);
	quill_touch(desc);
	vma_desc_set_flags(desc, VMA_IO_BIT);
	return 0;
}
