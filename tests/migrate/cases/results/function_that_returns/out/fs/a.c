#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static vma_flags_t wanted(const struct vm_area_struct *vma, bool quiet)
{
	if (quiet)
		return EMPTY_VMA_FLAGS;
	return vma ? vma->flags : mk_vma_flags(VMA_READ_BIT);
}

int a_prepare(struct vm_area_desc *desc)
{
	vma_flags_t flags = desc->vma_flags;

	flags = wanted(NULL, vma_flags_test(&flags, VMA_WRITE_BIT));
	return vma_flags_test(&flags, VMA_READ_BIT) ? 2 : 3;
}
