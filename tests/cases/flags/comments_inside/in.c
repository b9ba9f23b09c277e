#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	desc->vm_flags |= VM_IO /* registers */ | VM_PFNMAP;	/* both */
	desc->vm_flags |= VM_IO |	/* registers */
			  VM_PFNMAP;
	desc->vm_flags /* why */ |= VM_IO;
	if (desc->vm_flags & VM_READ /* once */)
		return 1;
	return 0;
}
