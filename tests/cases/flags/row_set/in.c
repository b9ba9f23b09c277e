#include <linux/mm.h>

int prepare(struct vm_area_desc *desc, struct vm_area_desc *other)
{
	desc->vm_flags |= VM_IO | VM_PFNMAP;
	desc->vm_flags |= VM_DONTDUMP;
	other->vm_flags |= (VM_SEQ_READ);
	if (!desc)
		other->vm_flags |= (VM_IO | (VM_LOCKED | VM_IO)) | VM_PFNMAP;
	return 0;
}
