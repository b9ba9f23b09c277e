// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, struct quill *q)
{
	quill_begin(q);
	vma_desc_set_flags(desc, VMA_IO_BIT);
	return 0;
}

int quill_again(struct vm_area_desc *desc, struct quill *q)
{
	quill_begin(q);
	if (q)
		return 0;
	vma_desc_set_flags(desc, VMA_IO_BIT);
	return 0;
}
