// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	vm_flags_t f;
	int i;

	quill_keep(&f);
	f = 0;
	for (i = 0; i < n; i++) {
		quill_touch(desc);
		if (f & VM_READ)
			desc->vm_flags |= VM_IO;
	}
	return 0;
}
