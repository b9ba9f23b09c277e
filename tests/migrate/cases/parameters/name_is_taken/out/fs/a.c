#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static int count(vma_flags_t vm_flags, int vma_flags)
{
	return vma_flags_test(&vm_flags, VMA_IO_BIT) ? vma_flags : 0;
}

int a_prepare(struct vm_area_desc *desc)
{
	return count(desc->vma_flags, 3);
}
