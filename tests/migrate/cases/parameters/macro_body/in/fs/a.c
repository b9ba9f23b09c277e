#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_check(vm_flags_t flags, int n);

#define a_quick(n)	a_check(VM_READ, n)

int a_check(vm_flags_t flags, int n)
{
	return flags & VM_READ ? n : 0;
}

int a_prepare(struct vm_area_desc *desc)
{
	return a_check(desc->vm_flags, a_quick(2));
}
