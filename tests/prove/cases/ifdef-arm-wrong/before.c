// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
#ifdef CONFIG_MMU
	desc->vm_flags |= VM_IO;
#else
	desc->vm_flags |= VM_IO | VM_LOCKED;
#endif
	return 0;
}
