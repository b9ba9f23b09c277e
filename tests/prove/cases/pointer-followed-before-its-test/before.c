// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

bool quill(struct vm_area_desc *desc)
{
	return desc && (desc->vm_flags & VM_READ);
}
