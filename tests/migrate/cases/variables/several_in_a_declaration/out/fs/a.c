#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_take(unsigned long size, vma_flags_t flags)
{
	return vma_flags_test(&flags, VMA_READ_BIT) ? (int)size : 0;
}

int a_one(struct vm_area_desc *desc)
{
	unsigned long size = 1;
	vma_flags_t flags;

	flags = desc->vma_flags;
	return a_take(size, flags);
}

int a_two(struct vm_area_desc *desc, bool quiet)
{
	vma_flags_t flags = quiet ?
			    mk_vma_flags(VMA_READ_BIT) : EMPTY_VMA_FLAGS;
	unsigned long size = 2, more = 3;

	return a_take(size + more, flags);
}
