// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static void quill_begin(struct quill *q)
{
	mutex_lock(&q->lock);
	quill_count(q);
	bitmap_zero(q->map, 8);
}

int quill(struct vm_area_desc *desc, struct quill *q)
{
	quill_begin(q);
	return 0;
}
