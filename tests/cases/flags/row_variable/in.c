#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	vm_flags_t x = desc->vm_flags;

	x |= VM_READ;
	x = desc->vm_flags | VM_IO;
	if (x & VM_READ)
		desc->vm_flags = x;
	return 0;
}
