// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#define QUILL_LIMIT 3

int quill(struct vm_area_desc *desc, int n)
{
	if (n > QUILL_LIMIT + 1)
		quill_note(n);
	return quill_touch(desc);
}
