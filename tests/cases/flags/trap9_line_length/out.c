#include <linux/mm.h>

int prepare(struct vm_area_desc *descriptor, struct file *file)
{
	if (vma_desc_test_flags(descriptor, VMA_SHARED_BIT) &&
	    vma_desc_test_flags(descriptor, VMA_MAYWRITE_BIT))
		return 1;
	vma_desc_set_flags(descriptor, VMA_IO_BIT, VMA_PFNMAP_BIT,
			   VMA_DONTEXPAND_BIT, VMA_DONTDUMP_BIT);

	/* This line is long, but nobody has to touch it, whatever happens to the others. */
	return vma_desc_test_flags(descriptor, VMA_READ_BIT, VMA_WRITE_BIT,
				   VMA_EXEC_BIT) ? file->f_flags : 0;
}
