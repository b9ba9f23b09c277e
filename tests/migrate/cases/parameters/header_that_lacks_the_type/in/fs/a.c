#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

#include "a.h"
#include "b.h"

int a_check(unsigned long flags, int n)
{
	return flags & VM_READ ? n : 0;
}

int b_check(unsigned long flags, int n)
{
	return flags & VM_WRITE ? n : 0;
}

int a_prepare(struct vm_area_desc *desc)
{
	return a_check(desc->vm_flags, 2) + b_check(desc->vm_flags, 3);
}
