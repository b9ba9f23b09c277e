/* SPDX-License-Identifier: GPL-2.0 */
typedef struct { unsigned long __vma_flags[1]; } vma_flags_t;
#define EMPTY_VMA_FLAGS ((vma_flags_t){ })

struct vm_area_desc {
	vma_flags_t vma_flags;
};
