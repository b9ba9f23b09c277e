#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_prepare(struct vm_area_desc *desc, struct vm_area_struct *vma)
{
	vm_flags_t flags = 0;

	flags |= desc->vm_flags;
	flags |= vma->vm_flags;
	return flags & VM_READ ? 2 : 3;
}
