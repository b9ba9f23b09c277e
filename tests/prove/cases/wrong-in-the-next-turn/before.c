// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	vm_flags_t f = 0;
	int i;

	for (i = 0; i < n; i++) {
		quill_use(f & VM_READ);
		f = desc->vm_flags & VM_READ;
	}
	return 0;
}
