#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	desc->vm_flags &= (~VM_SHARED);
	return 0;
}
