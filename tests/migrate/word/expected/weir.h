/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_WEIR_H
#define _LINUX_WEIR_H

#include <linux/mm.h>

/**
 * weir_orders - sizes that a mapping may have
 * @vma: the mapping
 * @vma_flags: what its flags are about to be, VMA_IO_BIT among them: use these
 *	vma_flags instead of
 *	those in vma->vm_flags
 * @wanted: the sizes that the caller can do with
 */
unsigned long weir_orders(struct vm_area_struct *vma, vma_flags_t vma_flags,
			  unsigned long wanted);

#define weir_order(vma, vm_flags, order) \
	(!!weir_orders(vma, (vm_flags), 1UL << (order)))

int weir_advise(struct vm_area_struct *vma, int advice, vma_flags_t *vma_flags);
unsigned long arch_weir_gap(unsigned long len, vma_flags_t vma_flags);
unsigned long weir_bits(unsigned long prot);
int weir_map(unsigned long len, vma_flags_t vma_flags);
void weir_show(unsigned long word);
bool weir_scanned(vma_flags_t vma_flags, bool locked);
int weir_install(struct vm_area_struct *vma, unsigned long start,
		 unsigned long len, vma_flags_t vma_flags, const char *name);

static inline bool is_weir_mapping(vm_flags_t flags)
{
	return (flags & (VM_SHARED | VM_IO)) == VM_SHARED;
}

static inline bool is_weir_vma_flags(const vma_flags_t *flags)
{
	return vma_flags_test(flags, VMA_SHARED_BIT) &&
	       !vma_flags_test(flags, VMA_IO_BIT);
}

static inline bool vma_is_weir_mapping(const struct vm_area_struct *vma)
{
	return is_weir_vma_flags(&vma->flags);
}

#ifdef CONFIG_MMU
int weir_lock_vma_flags(struct vm_area_struct *vma, vma_flags_t new_vma_flags);
#else
static inline int weir_lock_vma_flags(struct vm_area_struct *vma,
				      vma_flags_t new_vma_flags)
{
	return 0;
}
#endif

#endif /* _LINUX_WEIR_H */
