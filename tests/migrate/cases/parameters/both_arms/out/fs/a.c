#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

#ifdef CONFIG_LOUD
static int check(vma_flags_t vma_flags, int why)
{
	return vma_flags_test(&vma_flags, VMA_SHARED_BIT) ? why : 0;
}
#else
static int check(vma_flags_t flags, int why)
{
	if (vma_flags_test_all(&flags, VMA_SHARED_BIT, VMA_WRITE_BIT))
		return why;
	return 0;
}
#endif

int a_prepare(struct vm_area_desc *desc)
{
	return check(desc->vma_flags, -EPERM);
}
