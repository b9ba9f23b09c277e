#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_prepare(struct vm_area_desc *desc, struct vm_area_struct *vma)
{
	vma_flags_t flags = EMPTY_VMA_FLAGS;

	vma_flags_set_mask(&flags, desc->vma_flags);
	vma_flags_set_mask(&flags, vma->flags);
	return vma_flags_test(&flags, VMA_READ_BIT) ? 2 : 3;
}
