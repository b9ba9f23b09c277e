#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	vma_desc_clear_flags(desc, VMA_MAYWRITE_BIT, VMA_MAYEXEC_BIT);
	vma_desc_clear_flags(desc, VMA_MAYEXEC_BIT);
	vma_desc_clear_flags(desc, VMA_LOCKED_BIT);
	return 0;
}
