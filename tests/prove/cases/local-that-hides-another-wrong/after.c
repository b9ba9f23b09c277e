// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, struct quill *q)
{
	int ret = vma_desc_test_flags(desc, VMA_WRITE_BIT);

	if (q->ret) {
		int ret = quill_ask(q);

		if (ret && vma_desc_test_flags(desc, VMA_READ_BIT))
			quill_note(ret);
	}
	return ret;
}
