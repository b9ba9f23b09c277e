// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static vm_flags_t quill_f(struct vm_area_desc *desc)
{
	return desc->vm_flags & VM_IO;
}
