#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

#include "a.h"

/**
 * a_limit - what is left
 * @n: of how many
 * @is_vma_locked: whether the flags have VMA_LOCKED_BIT
 *
 * @vm_flags are not kept.
 */
int a_limit(int n, bool is_vma_locked)
{
	if (!is_vma_locked)
		return n;
	return is_vma_locked ? 0 : n;
}
