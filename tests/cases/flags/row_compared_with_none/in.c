#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	if ((desc->vm_flags & (VM_READ | VM_WRITE)) == 0)
		return 1;
	if ((desc->vm_flags & (VM_READ | VM_WRITE)) != 0)
		return 2;
	if (0 == (desc->vm_flags & VM_READ))
		return 3;
	if ((desc->vm_flags & VM_READ) != VM_NONE)
		return 4;
	if (((desc->vm_flags & VM_READ) == 0) && desc)
		return 5;
	return !((desc->vm_flags & VM_READ) == 0UL);
}
