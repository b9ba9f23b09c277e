#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

#ifdef CONFIG_LOUD
static int check(vm_flags_t vm_flags, int why)
{
	return vm_flags & VM_SHARED ? why : 0;
}
#else
static int check(vm_flags_t flags, int why)
{
	if ((flags & (VM_SHARED | VM_WRITE)) == (VM_SHARED | VM_WRITE))
		return why;
	return 0;
}
#endif

int a_prepare(struct vm_area_desc *desc)
{
	return check(desc->vm_flags, -EPERM);
}
