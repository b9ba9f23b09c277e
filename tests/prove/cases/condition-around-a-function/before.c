// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#ifdef CONFIG_MMU
int quill(struct vm_area_desc *desc, int n)
{
	return (desc->vm_flags & VM_IO) != 0;
}
#else
int quill(struct vm_area_desc *desc, int n)
{
	return 0;
}
#endif
