#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	if (desc->vm_flags & VM_GROWSUP)
		return 1;
	if (desc->vm_flags & (VM_READ | VM_SHADOW_STACK))
		return 2;
	desc->vm_flags |= VM_UFFD_MISSING;
	vma_desc_clear_flags(desc, VMA_STACK_BIT);
	desc->vm_flags |= VM_SEALED | VM_IO;
	if (desc->vm_flags & VM_STARTGAP_FLAGS)
		vma_desc_set_flags(desc, VMA_ARM64_BTI_BIT);
	return 0;
}
