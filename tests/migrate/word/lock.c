// SPDX-License-Identifier: GPL-2.0
#include <linux/weir.h>

#ifdef CONFIG_MMU
int weir_lock(struct vm_area_struct *vma, vm_flags_t newflags)
{
	vma_flags_t new_vma_flags = legacy_to_vma_flags(newflags);

	if (vma_flags_same_pair(&vma->flags, &new_vma_flags))
		return 0;
	vma->flags = new_vma_flags;
	return weir_map(1, vma_flags_to_legacy(new_vma_flags));
}
#endif
