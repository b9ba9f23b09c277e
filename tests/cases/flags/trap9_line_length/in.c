#include <linux/mm.h>

int prepare(struct vm_area_desc *descriptor, struct file *file)
{
	if ((descriptor->vm_flags & VM_SHARED) && (descriptor->vm_flags & VM_MAYWRITE))
		return 1;
	descriptor->vm_flags |= VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;

	/* This line is long, but nobody has to touch it, whatever happens to the others. */
	return descriptor->vm_flags & (VM_READ | VM_WRITE | VM_EXEC) ? file->f_flags : 0;
}
