#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

#include "a.h"

int b_brk(struct mm_struct *mm, vm_flags_t more)
{
	return a_limit(1, mm->def_flags) + a_limit(2, mm->def_flags | more) +
	       a_limit(3, 0) + a_limit(4, VM_LOCKED | VM_READ);
}

int b_prepare(struct vm_area_desc *desc)
{
	if (a_limit(5, desc->vm_flags | VM_LOCKED))
		return 1;
	return a_limit(6, desc->vm_flags);
}
