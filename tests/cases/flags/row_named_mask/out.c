#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	vma_desc_set_flags_mask(desc, VMA_REMAP_FLAGS);
	vma_desc_clear_flags_mask(desc, VMA_REMAP_FLAGS);
	vma_desc_set_flags(desc, VMA_LOCKED_BIT, VMA_LOCKONFAULT_BIT);
	vma_desc_set_flags(desc, VMA_LOCKED_BIT, VMA_LOCKONFAULT_BIT,
			   VMA_IO_BIT);
	return 0;
}
