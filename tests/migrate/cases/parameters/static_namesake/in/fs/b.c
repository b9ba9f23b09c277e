#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static bool may(vm_flags_t flags, int n)
{
	return (flags ^ VM_READ) && n;
}

int b_check(struct vm_area_struct *vma)
{
	return may(vma->vm_flags, 2) ? 0 : -EPERM;
}
