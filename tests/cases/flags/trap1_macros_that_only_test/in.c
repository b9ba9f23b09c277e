#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	if (unlikely(desc->vm_flags & VM_READ))
		return 1;
	if (WARN_ON_ONCE(!(desc->vm_flags & VM_READ)))
		return 2;
	WARN_ON(desc->vm_flags & VM_READ);
	VM_BUG_ON((desc->vm_flags & VM_READ) == 0);
	trace(desc->vm_flags & VM_READ);
	return 0;
}
