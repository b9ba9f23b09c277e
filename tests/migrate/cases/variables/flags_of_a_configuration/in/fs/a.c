#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_prepare(struct vm_area_desc *desc)
{
	vm_flags_t flags = desc->vm_flags;

	if (flags & VM_SOFTDIRTY)
		return 1;
	return flags & VM_READ ? 2 : 3;
}
