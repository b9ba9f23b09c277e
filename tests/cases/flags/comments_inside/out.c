#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	vma_desc_set_flags(desc, VMA_IO_BIT /* registers */, VMA_PFNMAP_BIT);	/* both */
	desc->vm_flags |= VM_IO |	/* registers */
			  VM_PFNMAP;
	desc->vm_flags /* why */ |= VM_IO;
	if (vma_desc_test_flags(desc, VMA_READ_BIT) /* once */)
		return 1;
	return 0;
}
