#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

#include "a.h"

/**
 * a_limit - what is left
 * @n: of how many
 * @vm_flags: the mapping's flags, of which VM_LOCKED
 *	is all that matters
 *
 * @vm_flags are not kept.
 */
int a_limit(int n, vm_flags_t vm_flags)
{
	if ((vm_flags & VM_LOCKED) == 0)
		return n;
	return vm_flags & VM_LOCKED ? 0 : n;
}
