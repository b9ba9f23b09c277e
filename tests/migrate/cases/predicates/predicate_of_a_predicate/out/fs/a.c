#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static inline bool is_quiet(vm_flags_t flags)
{
	return is_cow_mapping(flags) && (flags & (VM_READ | VM_WRITE)) != VM_WRITE;
}

static inline bool is_quiet_vma_flags(const vma_flags_t *flags)
{
	return is_cow_vma_flags(flags) &&
	       (!vma_flags_test(flags, VMA_WRITE_BIT) ||
		vma_flags_test(flags, VMA_READ_BIT));
}

int a_prepare(struct vm_area_desc *desc, vm_flags_t word)
{
	return is_quiet_vma_flags(&desc->vma_flags) + is_quiet(word ^ VM_READ);
}
