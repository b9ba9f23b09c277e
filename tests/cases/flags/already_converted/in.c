#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	vma_desc_set_flags(desc, VMA_IO_BIT);
	if (vma_desc_test_flags(desc, VMA_READ_BIT) && vma_desc_test(desc, VMA_IO_BIT))
		vma_desc_clear_flags(desc, VMA_IO_BIT);
	return vma_flags_test_all(&desc->vma_flags, VMA_READ_BIT, VMA_WRITE_BIT);
}
