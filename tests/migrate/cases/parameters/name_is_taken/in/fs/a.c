#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static int count(vm_flags_t vm_flags, int vma_flags)
{
	return vm_flags & VM_IO ? vma_flags : 0;
}

int a_prepare(struct vm_area_desc *desc)
{
	return count(desc->vm_flags, 3);
}
