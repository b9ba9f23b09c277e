// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc)
{
	int (*f)(struct vm_area_desc *) = desc->vm_flags & VM_IO ? quill_a : quill_b;

	return f(desc);
}
