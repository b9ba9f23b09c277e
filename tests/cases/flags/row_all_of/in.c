#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	if ((desc->vm_flags & (VM_READ | VM_WRITE)) == (VM_READ | VM_WRITE))
		return 1;
	if ((desc->vm_flags & (VM_READ | VM_WRITE)) != (VM_WRITE | VM_READ))
		return 2;
	if ((desc->vm_flags & VM_IO) == VM_IO)
		return 3;
	if ((desc->vm_flags & VM_IO) != VM_IO)
		return 4;
	if (VM_REMAP_FLAGS == (desc->vm_flags & VM_REMAP_FLAGS))
		return 5;
	return (desc->vm_flags & (VM_READ | VM_WRITE)) == VM_READ;
}
