#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	desc->vm_flags |= VM_REMAP_FLAGS;
	desc->vm_flags &= ~VM_REMAP_FLAGS;
	desc->vm_flags |= VM_LOCKED_MASK;
	desc->vm_flags |= VM_LOCKED_MASK | VM_IO;
	return 0;
}
