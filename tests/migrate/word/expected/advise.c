// SPDX-License-Identifier: GPL-2.0
#include <linux/weir.h>

static int advise_keep(vma_flags_t *vma_flags)
{
	vma_flags_t mask = vma_flags_and_mask(vma_flags,
					      mk_vma_flags(VMA_SHARED_BIT,
							   VMA_WRITE_BIT));

	if (!vma_flags_same_mask(&mask,
				 mk_vma_flags(VMA_SHARED_BIT, VMA_WRITE_BIT)))
		vma_flags_clear(vma_flags, VMA_MAYWRITE_BIT);
	return 0;
}

int weir_advise(struct vm_area_struct *vma, int advice, vma_flags_t *vma_flags)
{
	if (vma_flags_test_any_mask(vma_flags,
				    append_vma_flags(VMA_SPECIAL_FLAGS,
						     VMA_LOCKED_BIT)))
		return 0;
	vma_flags_set(vma_flags, VMA_DONTDUMP_BIT);
	return advise_keep(vma_flags);
}

/* The value counts: this one keeps the word. */
unsigned long advise_word(vm_flags_t vm_flags)
{
	return vm_flags >> 4;
}

int advise_count(struct vm_area_struct *vma)
{
	if (!vma_is_weir_mapping(vma) || is_weir_mapping(VM_SHARED | VM_IO))
		return 0;
	return advise_word(vma->vm_flags) & 1;
}

int advise_stack(struct vm_area_struct *vma)
{
	if (vma_test_single_mask(vma, VMA_SHADOW_STACK))
		return 1;
	if (!vma_test_any_mask(vma,
			       append_vma_flags(VMA_SHADOW_STACK, VMA_IO_BIT)))
		vm_flags_set(vma, VM_GROWSUP | VM_IO);
	return (vma->vm_flags & VM_GROWSUP) >> 2;
}
