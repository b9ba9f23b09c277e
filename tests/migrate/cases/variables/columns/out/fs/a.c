#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_prepare(struct vm_area_desc *desc)
{
	struct file		*file = desc->file;
	unsigned long		start = desc->start;
	vma_flags_t		vma_flags = desc->vma_flags;

	vma_flags_set(&vma_flags, VMA_IO_BIT, VMA_PFNMAP_BIT);
	vma_flags_clear(&vma_flags, VMA_READ_BIT);
	if (vma_flags_test_mask(&vma_flags, VMA_REMAP_FLAGS))
		vma_flags_clear(&vma_flags, VMA_WRITE_BIT, VMA_EXEC_BIT);
	return file && start && !vma_flags_test(&vma_flags, VMA_IO_BIT);
}
