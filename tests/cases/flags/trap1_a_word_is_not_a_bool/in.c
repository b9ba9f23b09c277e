#include <linux/mm.h>

void take(int n);

static int returns(const struct vm_area_desc *desc)
{
	int n = desc->vm_flags & VM_READ;
	unsigned char c = desc->vm_flags & VM_SHARED;

	n = desc->vm_flags & VM_READ;
	n += desc->vm_flags & VM_READ;
	take(desc->vm_flags & VM_READ);
	switch (desc->vm_flags & VM_READ) {
	default:
		n = (desc->vm_flags & VM_READ) ?: 2;
	}
	n = (desc->vm_flags & VM_READ) >> 1;
	n = n ? desc->vm_flags & VM_READ : 0;
	n = (n, desc->vm_flags & VM_READ);
	return desc->vm_flags & VM_READ;
}
