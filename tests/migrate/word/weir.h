/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_WEIR_H
#define _LINUX_WEIR_H

#include <linux/mm.h>

/**
 * weir_orders - sizes that a mapping may have
 * @vma: the mapping
 * @vm_flags: what its flags are about to be, VM_IO among them: use these vm_flags instead of
 *	those in vma->vm_flags
 * @wanted: the sizes that the caller can do with
 */
unsigned long weir_orders(struct vm_area_struct *vma, vm_flags_t vm_flags,
			  unsigned long wanted);

#define weir_order(vma, vm_flags, order) \
	(!!weir_orders(vma, (vm_flags), 1UL << (order)))

int weir_advise(struct vm_area_struct *vma, int advice, vm_flags_t *vm_flags);
unsigned long arch_weir_gap(unsigned long len, vm_flags_t vm_flags);
unsigned long weir_bits(unsigned long prot);
int weir_map(unsigned long len, vm_flags_t vm_flags);
void weir_show(unsigned long word);
bool weir_scanned(vm_flags_t vm_flags, bool locked);
int weir_install(struct vm_area_struct *vma, unsigned long start,
		 unsigned long len, vm_flags_t vm_flags, const char *name);

static inline bool is_weir_mapping(vm_flags_t flags)
{
	return (flags & (VM_SHARED | VM_IO)) == VM_SHARED;
}

#ifdef CONFIG_MMU
int weir_lock(struct vm_area_struct *vma, vm_flags_t newflags);
#else
static inline int weir_lock(struct vm_area_struct *vma, vm_flags_t newflags)
{
	return 0;
}
#endif

#endif /* _LINUX_WEIR_H */
