#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

#include "a.h"

int b_brk(struct mm_struct *mm, vm_flags_t more)
{
	return a_limit(1, mm->def_flags & VM_LOCKED) +
	       a_limit(2, (mm->def_flags | more) & VM_LOCKED) +
	       a_limit(3, /* is_vma_locked = */ false) +
	       a_limit(4, /* is_vma_locked = */ true);
}

int b_prepare(struct vm_area_desc *desc)
{
	if (a_limit(5, /* is_vma_locked = */ true))
		return 1;
	return a_limit(6, vma_desc_test_flags(desc, VMA_LOCKED_BIT));
}
