#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_prepare(struct vm_area_desc *desc)
{
	vm_flags_t flags = desc->vm_flags;
	vm_flags_t others = desc->vm_flags;

	if (others & VM_WRITE)
		flags |= VM_READ;
	return flags >> 2;
}
