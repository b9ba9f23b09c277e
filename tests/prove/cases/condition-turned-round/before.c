// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	desc->vm_flags |= VM_IO;
#ifdef CONFIG_MMU
	desc->vm_flags |= VM_PFNMAP;
#endif
	return 0;
}
