// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_count(struct vm_area_desc *desc, struct quill *q, int n)
{
	int at = 0;

	if (quill_ready(q) && !vma_desc_test_flags(desc, VMA_READ_BIT, VMA_EXEC_BIT)) {
		at = quill_node(n);
		q->load[at + 1]++;
		quill_note(q);
	}
	return quill_done(q);
}
