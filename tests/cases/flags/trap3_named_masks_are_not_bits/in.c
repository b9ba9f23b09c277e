#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	if (desc->vm_flags & VM_REMAP_FLAGS)
		return 1;
	if (!(desc->vm_flags & VM_REMAP_FLAGS))
		return 2;
	if (desc->vm_flags & VM_LOCKED_MASK)
		return 3;
	return (desc->vm_flags & VM_LOCKED_MASK) == VM_LOCKED_MASK;
}
