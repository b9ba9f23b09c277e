#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_take(const char *name, unsigned long size, vm_flags_t flags, int kind,
		int node);

int a_take(const char *name, unsigned long size, vm_flags_t flags, int kind,
		int node)
{
	return flags & VM_READ ? kind + node : (int)size;
}

int a_prepare(struct vm_area_desc *desc)
{
	return a_take("some quite long name", 4096, VM_NORESERVE, 2,
			3) + a_take(NULL, 2, desc->vm_flags, 3, 4);
}
