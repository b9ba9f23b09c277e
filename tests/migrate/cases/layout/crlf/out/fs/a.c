#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static int check(vma_flags_t vma_flags, int n)
{
	return vma_flags_test(&vma_flags, VMA_READ_BIT) ? n : 0;
}

int a_prepare(struct vm_area_desc *desc)
{
	return check(desc->vma_flags, 2) +
	       check(mk_vma_flags(VMA_READ_BIT, VMA_WRITE_BIT, VMA_EXEC_BIT),
		     3);
}
