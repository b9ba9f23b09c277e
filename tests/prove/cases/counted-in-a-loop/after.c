// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct quill *q, struct vm_area_desc *desc)
{
	int found = 0;

	list_for_each_entry(desc, &q->list, node)
		if (vma_desc_test_flags(desc, VMA_READ_BIT))
			found++;
	return found;
}
