#include <linux/mm.h>

int prepare(struct vm_area_desc *desc)
{
	desc->vm_flags &= ~(VM_MAYWRITE | VM_MAYEXEC);
	desc->vm_flags &= ~VM_MAYEXEC;
	desc->vm_flags &= ~(VM_LOCKED);
	return 0;
}
