#include <linux/mm.h>

#ifndef CONFIG_MMU
int prepare(struct vm_area_desc *desc)
{
	vma_desc_set_flags(desc, VMA_IO_BIT);
#ifdef CONFIG_A
	if (vma_desc_test_flags(desc, VMA_READ_BIT))
#else
	if (vma_desc_test_flags(desc, VMA_WRITE_BIT))
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
