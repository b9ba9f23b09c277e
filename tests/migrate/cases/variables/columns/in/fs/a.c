#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_prepare(struct vm_area_desc *desc)
{
	struct file		*file = desc->file;
	unsigned long		start = desc->start;
	vm_flags_t		vm_flags = desc->vm_flags;

	vm_flags |= VM_IO | VM_PFNMAP;
	vm_flags = vm_flags & ~VM_READ;
	if (vm_flags & VM_REMAP_FLAGS)
		vm_flags &= ~(VM_WRITE | VM_EXEC);
	return file && start && !(vm_flags & VM_IO);
}
