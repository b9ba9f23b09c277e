#include <linux/mm.h>

struct vm_area_desc *next(void);

int prepare(struct vm_area_desc *desc, struct vm_area_desc **list)
{
	vma_desc_set_flags(desc++, VMA_IO_BIT);
	vma_desc_clear_flags(++desc, VMA_IO_BIT);
	if (vma_desc_test_flags(next(), VMA_IO_BIT))
		return 1;
	if (vma_flags_test_mask(&(*list++)->vma_flags, VMA_REMAP_FLAGS))
		return 2;
	vma_desc_set_flags(desc = next(), VMA_IO_BIT);
	return 0;
}
