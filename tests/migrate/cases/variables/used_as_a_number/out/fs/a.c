#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_prepare(struct vm_area_desc *desc)
{
	vm_flags_t flags = vma_flags_to_legacy(desc->vma_flags);
	vma_flags_t others = desc->vma_flags;

	if (vma_flags_test(&others, VMA_WRITE_BIT))
		flags |= VM_READ;
	return flags >> 2;
}
