#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	vma_desc_clear_flags(desc, VMA_SHARED_BIT);
	return 0;
}
