// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, struct quill *q)
{
	int ret = quill_start(q);

	if (q->ret) {
		int ret = quill_ask(q);

		if (ret && (desc->vm_flags & VM_READ))
			quill_note(ret);
	}
	return ret;
}
