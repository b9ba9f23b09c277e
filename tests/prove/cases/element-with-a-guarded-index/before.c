// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_count(struct vm_area_desc *desc, struct quill *q, int n)
{
	int at = 0;

	if (quill_ready(q) && !(desc->vm_flags & (VM_READ | VM_EXEC))) {
		at = quill_node(n);
		q->load[at + 1]++;
		quill_note(q);
	}
	return quill_done(q);
}
