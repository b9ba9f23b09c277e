#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static int check(vm_flags_t flags, int n)
{
	if ((flags & (VM_READ | VM_WRITE | VM_EXEC)) == (VM_READ | VM_EXEC))
		return n;
	if (n && (flags & (VM_READ | VM_WRITE)) != VM_WRITE)
		return 2;
	return !((flags & (VM_IO | VM_PFNMAP)) == VM_IO);
}

int a_prepare(struct vm_area_desc *desc)
{
	return check(desc->vm_flags, 2);
}
