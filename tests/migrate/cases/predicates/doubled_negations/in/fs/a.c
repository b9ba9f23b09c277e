#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static inline bool is_bright(vm_flags_t flags)
{
	return !!(flags & VM_READ);
}

static int weigh(vm_flags_t flags, int n)
{
	if (!((flags & VM_WRITE) == 0))
		return !!(flags & (VM_READ | VM_EXEC)) + n;
	return !(flags & VM_IO) || !!!(flags & VM_SHARED);
}

int a_prepare(struct vm_area_desc *desc, vm_flags_t word)
{
	return is_bright(desc->vm_flags) + is_bright(word ^ VM_READ) +
	       weigh(desc->vm_flags, 3);
}
