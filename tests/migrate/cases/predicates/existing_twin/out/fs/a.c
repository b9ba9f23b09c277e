#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

#include "a.h"

int a_prepare(struct vm_area_desc *desc, int size, struct vm_area_desc other)
{
	if (a_vma_big(&desc->vma_flags) && (size > 2 ||
					    size < 1))
		return 2;
	return !a_vma_big(&other.vma_flags);
}
