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

int row_test_doubled(struct vm_area_desc *desc, int a)
{
	bool b = !!(desc->vm_flags & VM_READ);

	if (!((desc->vm_flags & VM_WRITE) == 0))
		return !!(desc->vm_flags & (VM_READ | VM_WRITE));
	if (!!!(desc->vm_flags & VM_IO) || !(desc->vm_flags & VM_EXEC))
		return !!((desc->vm_flags & VM_SHARED) == VM_SHARED) + b;
	return !/* not */!(desc->vm_flags & VM_IO);
}
