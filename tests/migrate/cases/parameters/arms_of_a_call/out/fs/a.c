#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static int check(vma_flags_t flags, int n)
{
	return vma_flags_test(&flags, VMA_READ_BIT) ? n : 0;
}

int a_prepare(struct vm_area_desc *desc)
{
	return check(
#ifdef CONFIG_LOUD
		     mk_vma_flags(VMA_READ_BIT, VMA_WRITE_BIT),
#else
		     desc->vma_flags,
#endif
		     2);
}
