#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	if (vma_flags_test_mask(&desc->vma_flags, VMA_REMAP_FLAGS))
		return 1;
	if (!vma_flags_test_mask(&desc->vma_flags, VMA_REMAP_FLAGS))
		return 2;
	if (vma_desc_test_flags(desc, VMA_LOCKED_BIT, VMA_LOCKONFAULT_BIT))
		return 3;
	return vma_flags_test_all(&desc->vma_flags, VMA_LOCKED_BIT,
				  VMA_LOCKONFAULT_BIT);
}
