// SPDX-License-Identifier: GPL-2.0
#include <linux/weir.h>

static int advise_keep(vm_flags_t *vm_flags)
{
	vm_flags_t mask = *vm_flags & (VM_SHARED | VM_WRITE);

	if (mask != (VM_SHARED | VM_WRITE))
		*vm_flags &= ~VM_MAYWRITE;
	return 0;
}

int weir_advise(struct vm_area_struct *vma, int advice, vm_flags_t *vm_flags)
{
	if (*vm_flags & (VM_SPECIAL | VM_LOCKED))
		return 0;
	*vm_flags |= VM_DONTDUMP;
	return advise_keep(vm_flags);
}

/* The value counts: this one keeps the word. */
unsigned long advise_word(vm_flags_t vm_flags)
{
	return vm_flags >> 4;
}

int advise_count(struct vm_area_struct *vma)
{
	if (!is_weir_mapping(vma->vm_flags) || is_weir_mapping(VM_SHARED | VM_IO))
		return 0;
	return advise_word(vma->vm_flags) & 1;
}

int advise_stack(struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_SHADOW_STACK)
		return 1;
	if (!(vma->vm_flags & (VM_SHADOW_STACK | VM_IO)))
		vm_flags_set(vma, VM_GROWSUP | VM_IO);
	return (vma->vm_flags & VM_GROWSUP) >> 2;
}
