#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_prepare(struct vm_area_desc *desc)
{
	vma_flags_t vma_flags = desc->vma_flags;
	int n = 0;

	for (unsigned long i = 0; i < 3; i++) {
		unsigned long vm_flags = i << 2;

		n += vm_flags >> 1;
	}
	if (vma_flags_test(&vma_flags, VMA_READ_BIT))
		n++;
	return n;
}
