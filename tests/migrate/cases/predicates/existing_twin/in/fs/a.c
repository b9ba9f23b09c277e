#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

#include "a.h"

int a_prepare(struct vm_area_desc *desc, int size, struct vm_area_desc other)
{
	if (a_vm_big(desc->vm_flags) && (size > 2 ||
					 size < 1))
		return 2;
	return !a_vm_big(other.vm_flags);
}
