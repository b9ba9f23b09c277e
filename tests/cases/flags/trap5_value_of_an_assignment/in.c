#include <linux/mm.h>

int prepare(struct vm_area_desc *desc, vm_flags_t *out)
{
	*out = desc->vm_flags |= VM_IO;
	if (desc->vm_flags &= ~VM_IO)
		return 1;
	for (desc->vm_flags |= VM_IO; desc; desc->vm_flags |= VM_IO)
		return 2;
	desc->vm_flags |= VM_IO, *out = 0;
	return 0;
}
