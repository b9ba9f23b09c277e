// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	unsigned int f = desc->vm_flags & 0x80000000;
	unsigned long g = f;

	quill_use(g);
	return 0;
}
