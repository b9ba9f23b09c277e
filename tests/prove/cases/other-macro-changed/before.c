// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#define QUILL_MOST 3

int quill(struct vm_area_desc *desc, int n)
{
	if (n > QUILL_MOST)
		quill_note(n);
	return quill_touch(desc);
}
