#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static bool may(vma_flags_t flags, int n)
{
	return vma_flags_test(&flags, VMA_READ_BIT) && n;
}

int a_prepare(struct vm_area_desc *desc)
{
	return may(desc->vma_flags, 1) ? 0 : -EPERM;
}
