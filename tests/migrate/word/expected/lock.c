// SPDX-License-Identifier: GPL-2.0
#include <linux/weir.h>

#ifdef CONFIG_MMU
int weir_lock_vma_flags(struct vm_area_struct *vma, vma_flags_t new_vma_flags)
{
	if (vma_flags_same_pair(&vma->flags, &new_vma_flags))
		return 0;
	vma->flags = new_vma_flags;
	return weir_map(1, new_vma_flags);
}
#endif
