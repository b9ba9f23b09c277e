// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	if (desc->vm_flags & VM_GROWSUP)
		return -EINVAL;
	return 0;
}
