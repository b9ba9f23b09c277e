#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_setup(const char *name, unsigned long size, vma_flags_t flags);

/**
 * a_setup - set a file up
 * @name: its name
 * @size: its size
 * @flags: VMA_NORESERVE_BIT keeps it from being accounted,
 *	VM_ACCESS_FLAGS does nothing
 *
 * VM_NORESERVE is a flag of the mapping.
 */
int a_setup(const char *name, unsigned long size, vma_flags_t flags)
{
	return vma_flags_test(&flags, VMA_NORESERVE_BIT) ? 0 : (int)size;
}

int a_scratch(void)
{
	return a_setup("scratch", VM_READ, EMPTY_VMA_FLAGS) +
	       a_setup("log", 0,
		       mk_vma_flags(VMA_NORESERVE_BIT, VMA_ACCOUNT_BIT));
}
