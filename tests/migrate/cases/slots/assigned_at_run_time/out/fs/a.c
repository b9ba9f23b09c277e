#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

struct a_ops {
	int (*check)(int n, vma_flags_t flags);
	int (*other)(int n, vm_flags_t flags);
};

static int one(int n, vma_flags_t flags)
{
	return vma_flags_test(&flags, VMA_READ_BIT) ? n : 0;
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
	if (ops->check && ops->check(1, desc->vma_flags))
		return ops->check(2, mk_vma_flags(VMA_WRITE_BIT));
	return ops->other(3, vma_flags_to_legacy(desc->vma_flags));
}
