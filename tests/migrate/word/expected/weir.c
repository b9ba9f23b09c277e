// SPDX-License-Identifier: GPL-2.0
#include <linux/weir.h>

unsigned long weir_orders(struct vm_area_struct *vma, vma_flags_t vma_flags,
			  unsigned long wanted)
{
	if (vma_flags_test(&vma_flags, VMA_IO_BIT))
		return 0;
	if (vma_flags_test(&vma_flags, VMA_READ_BIT) &&
	    !vma_flags_test(&vma_flags, VMA_WRITE_BIT))
		wanted &= 3;
	return vma->vm_start ? wanted : 0;
}

unsigned long arch_weir_gap(unsigned long len, vma_flags_t vma_flags)
{
	if (vma_flags_test_single_mask(&vma_flags, VMA_SHADOW_STACK))
		return 4096;
	return vma_flags_test_any_mask(&vma_flags,
				       append_vma_flags(VMA_GROWSUP,
							VMA_GROWSDOWN_BIT)) ?
	       len : 0;
}

static vma_flags_t weir_default(int advice)
{
	vma_flags_t vma_flags = advice ?
				mk_vma_flags(VMA_SEQ_READ_BIT) :
				mk_vma_flags(VMA_RAND_READ_BIT);

	vma_flags_set_mask(&vma_flags, legacy_to_vma_flags(weir_bits(advice)));
	vma_flags_set(&vma_flags, VMA_READ_BIT, VMA_WRITE_BIT);
	return vma_flags;
}

int weir_map(unsigned long len, vma_flags_t vma_flags)
{
	if (vma_flags_empty(&vma_flags))
		return 1;
	if (vma_flags_test(&vma_flags, VMA_LOCKED_BIT))
		return 2;
	weir_show(vma_flags_to_legacy(vma_flags));
	weir_show((len & ~1UL) | vma_flags_to_legacy(vma_flags));
	vma_flags_set_mask(&vma_flags, weir_default(0));
	return arch_weir_gap(len, vma_flags) ? 3 : 0;
}

int weir_fault(struct vm_area_struct *vma)
{
	vma_flags_t vma_flags = vma->flags;
	vma_flags_t need = mk_vma_flags(VMA_READ_BIT);

	if (vma->vm_start)
		need = mk_vma_flags(VMA_WRITE_BIT);
	if (!vma_test_any_mask(vma, need))
		return 1;
	return weir_order(vma, vma_flags, 2);
}

int weir_madvise(struct vm_area_struct *vma, int advice)
{
	vma_flags_t new_vma_flags = vma->flags;
	int error;

	switch (advice) {
	case 1:
		vma_flags_clear(&new_vma_flags, VMA_RAND_READ_BIT);
		vma_flags_set(&new_vma_flags, VMA_SEQ_READ_BIT);
		break;
	case 2:
		vma_flags_clear(&new_vma_flags, VMA_RAND_READ_BIT,
				VMA_SEQ_READ_BIT);
		break;
	default:
		error = weir_advise(vma, advice, &new_vma_flags);
		if (error)
			return error;
	}
	if (vma_flags_same_pair(&new_vma_flags, &vma->flags))
		return 0;
	vma->flags = new_vma_flags;
	vma_flags_clear_mask(&vma->flags, VMA_LOCKED_MASK);
	return 4;
}

int weir_mlock(struct vm_area_struct *vma)
{
	vma_flags_t new_vma_flags;

	new_vma_flags = vma->flags;
	vma_flags_clear_mask(&new_vma_flags, VMA_LOCKED_MASK);
	vma_flags_set(&new_vma_flags, VMA_LOCKED_BIT);
	return weir_lock_vma_flags(vma, new_vma_flags);
}
