/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

typedef unsigned long vm_flags_t;
typedef struct { unsigned long __vma_flags[1]; } vma_flags_t;

struct vm_area_desc;

struct vm_region {
	vm_flags_t vm_flags;
};

/*
 * struct vm_area_desc {
 *	vma_flags_t vma_flags;
 * };
 */
struct vm_area_desc {
	struct file *const file;	/* not vm_flags; */
	union {
		vm_flags_t vm_flags;
		vma_flags_t vma_flags;
	};
	pgprot_t page_prot;
};

#endif
