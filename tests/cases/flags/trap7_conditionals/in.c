#include <linux/mm.h>

#ifndef CONFIG_MMU
int prepare(struct vm_area_desc *desc)
{
	desc->vm_flags |= VM_IO;
#ifdef CONFIG_A
	if (desc->vm_flags & VM_READ)
#else
	if (desc->vm_flags & VM_WRITE)
#endif
		return 1;
	desc->vm_flags |= VM_IO |
#ifdef CONFIG_A
			  VM_PFNMAP |
#endif
			  VM_LOCKED;
	return 0;
}
#endif
