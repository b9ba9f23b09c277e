#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

#include "a.h"
#include "b.h"

int a_check(vma_flags_t flags, int n)
{
	return vma_flags_test(&flags, VMA_READ_BIT) ? n : 0;
}

int b_check(vma_flags_t flags, int n)
{
	return vma_flags_test(&flags, VMA_WRITE_BIT) ? n : 0;
}

int a_prepare(struct vm_area_desc *desc)
{
	return a_check(desc->vma_flags, 2) + b_check(desc->vma_flags, 3);
}
