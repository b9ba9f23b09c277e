#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

struct a_ops {
	int (*check)(int n, vm_flags_t flags);
	int (*other)(int n, vm_flags_t flags);
};

static int one(int n, vm_flags_t flags)
{
	return flags & VM_READ ? n : 0;
}

static int two(int n, vm_flags_t flags)
{
	return flags ? n : 0;
}

void a_setup(struct a_ops *ops)
{
	ops->check = one;
	ops->other = two;
	if (!ops->check)
		ops->check = NULL;
}

int a_prepare(struct vm_area_desc *desc, struct a_ops *ops)
{
	if (ops->check && ops->check(1, desc->vm_flags))
		return ops->check(2, VM_WRITE);
	return ops->other(3, desc->vm_flags);
}
