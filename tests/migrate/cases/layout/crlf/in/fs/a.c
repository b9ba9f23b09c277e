#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static int check(vm_flags_t vm_flags, int n)
{
	return vm_flags & VM_READ ? n : 0;
}

int a_prepare(struct vm_area_desc *desc)
{
	return check(desc->vm_flags, 2) + check(VM_READ | VM_WRITE | VM_EXEC, 3);
}
