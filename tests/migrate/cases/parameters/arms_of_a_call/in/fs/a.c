#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static int check(vm_flags_t flags, int n)
{
	return flags & VM_READ ? n : 0;
}

int a_prepare(struct vm_area_desc *desc)
{
	return check(
#ifdef CONFIG_LOUD
		     VM_READ | VM_WRITE,
#else
		     desc->vm_flags,
#endif
		     2);
}
