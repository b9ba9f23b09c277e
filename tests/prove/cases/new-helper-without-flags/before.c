// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, struct quill *q)
{
	quill_lock(q);
	quill_count(q);
	return 0;
}
