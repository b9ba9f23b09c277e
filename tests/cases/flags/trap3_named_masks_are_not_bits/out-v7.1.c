#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	if (vma_desc_test_any_mask(desc, VMA_REMAP_FLAGS))
		return 1;
	if (!vma_desc_test_any_mask(desc, VMA_REMAP_FLAGS))
		return 2;
	if (vma_desc_test_any(desc, VMA_LOCKED_BIT, VMA_LOCKONFAULT_BIT))
		return 3;
	return vma_desc_test_all(desc, VMA_LOCKED_BIT, VMA_LOCKONFAULT_BIT);
}
