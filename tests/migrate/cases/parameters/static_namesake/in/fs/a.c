#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static bool may(vm_flags_t flags, int n)
{
	return flags & VM_READ && n;
}

int a_prepare(struct vm_area_desc *desc)
{
	return may(desc->vm_flags, 1) ? 0 : -EPERM;
}
