#include <linux/mm.h>

int prepare(struct vm_area_desc *desc, struct vm_area_desc *other)
{
	vma_desc_set_flags(desc, VMA_IO_BIT, VMA_PFNMAP_BIT);
	vma_desc_set_flags(desc, VMA_DONTDUMP_BIT);
	vma_desc_set_flags(other, VMA_SEQ_READ_BIT);
	if (!desc)
		vma_desc_set_flags(other, VMA_IO_BIT, VMA_LOCKED_BIT,
				   VMA_PFNMAP_BIT);
	return 0;
}
