#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static vm_flags_t wanted(const struct vm_area_struct *vma, bool quiet)
{
	if (quiet)
		return 0;
	return vma ? vma->vm_flags : VM_READ;
}

int a_prepare(struct vm_area_desc *desc)
{
	vm_flags_t flags = desc->vm_flags;

	flags = wanted(NULL, flags & VM_WRITE);
	return flags & VM_READ ? 2 : 3;
}
