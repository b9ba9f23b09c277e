#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_take(const char *name, unsigned long size, vma_flags_t flags, int kind,
		int node);

int a_take(const char *name, unsigned long size, vma_flags_t flags, int kind,
		int node)
{
	return vma_flags_test(&flags, VMA_READ_BIT) ? kind + node : (int)size;
}

int a_prepare(struct vm_area_desc *desc)
{
	return a_take("some quite long name", 4096,
			mk_vma_flags(VMA_NORESERVE_BIT), 2,
			3) + a_take(NULL, 2, desc->vma_flags, 3, 4);
}
