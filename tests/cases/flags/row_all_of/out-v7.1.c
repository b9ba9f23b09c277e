#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	if (vma_desc_test_all(desc, VMA_READ_BIT, VMA_WRITE_BIT))
		return 1;
	if (!vma_desc_test_all(desc, VMA_READ_BIT, VMA_WRITE_BIT))
		return 2;
	if (vma_desc_test(desc, VMA_IO_BIT))
		return 3;
	if (!vma_desc_test(desc, VMA_IO_BIT))
		return 4;
	if (vma_desc_test_all_mask(desc, VMA_REMAP_FLAGS))
		return 5;
	return (desc->vm_flags & (VM_READ | VM_WRITE)) == VM_READ;
}
