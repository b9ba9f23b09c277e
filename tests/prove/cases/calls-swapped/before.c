// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	return desc->vm_flags & VM_IO ? quill_a(n) : quill_b(n);
}
