#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static int check(vma_flags_t flags, int n)
{
	if (vma_flags_test_all(&flags, VMA_READ_BIT, VMA_EXEC_BIT) &&
	    !vma_flags_test(&flags, VMA_WRITE_BIT))
		return n;
	if (n &&
	    (!vma_flags_test(&flags, VMA_WRITE_BIT) ||
	     vma_flags_test(&flags, VMA_READ_BIT)))
		return 2;
	return !(vma_flags_test(&flags, VMA_IO_BIT) &&
		 !vma_flags_test(&flags, VMA_PFNMAP_BIT));
}

int a_prepare(struct vm_area_desc *desc)
{
	return check(desc->vma_flags, 2);
}
