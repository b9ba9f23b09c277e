// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	int n = desc->vm_flags & VM_WRITE;

	quill_count(n);
	return 0;
}
