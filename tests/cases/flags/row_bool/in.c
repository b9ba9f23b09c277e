#include <linux/mm.h>

void take(bool b);

static bool returns(const struct vm_area_desc *desc)
{
	bool b = desc->vm_flags & VM_READ;

	b = desc->vm_flags & (VM_WRITE);
	b = !(desc->vm_flags & VM_WRITE);
	b |= desc->vm_flags & VM_IO;
	take(desc->vm_flags & VM_EXEC);
	return desc->vm_flags & VM_SHARED;
}
