// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	vm_flags_t f = 0;

again:
	quill_use(f & VM_READ);
	f = desc->vm_flags & VM_READ;
	if (quill_more(n))
		goto again;
	f = 0;
	return 0;
}
