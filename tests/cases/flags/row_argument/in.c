#include <linux/mm.h>

struct file *set_up(const char *name, vm_flags_t flags);
bool may(struct vm_area_desc *desc, vm_flags_t flags);

int prepare(struct vm_area_desc *desc)
{
	if (!may(desc, desc->vm_flags & ~VM_SHARED))
		return 1;
	set_up("a", desc->vm_flags);
	return is_cow_mapping(desc->vm_flags);
}
