#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static inline bool is_bright(vm_flags_t flags)
{
	return !!(flags & VM_READ);
}

static inline bool is_bright_vma_flags(const vma_flags_t *flags)
{
	return vma_flags_test(flags, VMA_READ_BIT);
}

static int weigh(vma_flags_t flags, int n)
{
	if (vma_flags_test(&flags, VMA_WRITE_BIT))
		return vma_flags_test(&flags, VMA_READ_BIT, VMA_EXEC_BIT) + n;
	return !vma_flags_test(&flags, VMA_IO_BIT) ||
	       !vma_flags_test(&flags, VMA_SHARED_BIT);
}

int a_prepare(struct vm_area_desc *desc, vm_flags_t word)
{
	return is_bright_vma_flags(&desc->vma_flags) +
	       is_bright(word ^ VM_READ) +
	       weigh(desc->vma_flags, 3);
}
