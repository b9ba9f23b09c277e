// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	desc->vm_flags |= VM_IO;
	return desc->vm_flags & VM_EXEC ? -EACCES : 0;
}
