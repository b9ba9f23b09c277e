#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_take(unsigned long size, vm_flags_t flags)
{
	return flags & VM_READ ? (int)size : 0;
}

int a_one(struct vm_area_desc *desc)
{
	unsigned long size = 1, flags;

	flags = desc->vm_flags;
	return a_take(size, flags);
}

int a_two(struct vm_area_desc *desc, bool quiet)
{
	unsigned long flags = quiet ? VM_READ : 0, size = 2, more = 3;

	return a_take(size + more, flags);
}
