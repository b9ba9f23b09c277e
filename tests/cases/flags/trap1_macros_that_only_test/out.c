#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	if (unlikely(vma_desc_test_flags(desc, VMA_READ_BIT)))
		return 1;
	if (WARN_ON_ONCE(!vma_desc_test_flags(desc, VMA_READ_BIT)))
		return 2;
	WARN_ON(vma_desc_test_flags(desc, VMA_READ_BIT));
	VM_BUG_ON(!vma_desc_test_flags(desc, VMA_READ_BIT));
	trace(desc->vm_flags & VM_READ);
	return 0;
}
