#include <linux/mm.h>

int prepare(struct vm_area_desc *desc, int a)
{
	if (desc->vm_flags & VM_SHARED)
		return 1;
	if (!(desc->vm_flags & VM_SHARED))
		return 2;
	if (a && (desc->vm_flags & (VM_READ | VM_EXEC)))
		return 3;
	if (a || desc->vm_flags & VM_READ)
		return 4;
	while (VM_LOCKED & desc->vm_flags)
		a++;
	for (; !!(desc->vm_flags & VM_IO); a++)
		;
	do {
		a = (desc->vm_flags & VM_IO) ? 1 : 0;
	} while (desc->vm_flags & VM_IO);
	return (desc->vm_flags & VM_READ) ? 5 : 6;
}
