// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc, struct quill *q)
{
	unsigned short missed;

	if (quill_ready(q) && !(desc->vm_flags & (VM_READ | VM_EXEC))) {
		missed = READ_ONCE(q->missed);
		if (missed)
			WRITE_ONCE(q->missed, --missed);
	}
	return quill_done(q);
}
