// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	vm_flags_t f = 0;

	for (;;) {
		f = desc->vm_flags & VM_READ;
		if (quill_more(n))
			break;
		f = 0;
	}
	return f != 0;
}
