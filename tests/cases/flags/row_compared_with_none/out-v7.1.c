#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	if (!vma_desc_test_any(desc, VMA_READ_BIT, VMA_WRITE_BIT))
		return 1;
	if (vma_desc_test_any(desc, VMA_READ_BIT, VMA_WRITE_BIT))
		return 2;
	if (!vma_desc_test(desc, VMA_READ_BIT))
		return 3;
	if (vma_desc_test(desc, VMA_READ_BIT))
		return 4;
	if (!vma_desc_test(desc, VMA_READ_BIT) && desc)
		return 5;
	return !((desc->vm_flags & VM_READ) == 0UL);
}
