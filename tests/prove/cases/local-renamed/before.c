// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	vm_flags_t vm_flags = desc->vm_flags;

	vm_flags |= VM_IO;
	if (vm_flags & VM_EXEC)
		return -EACCES;
	return 0;
}
