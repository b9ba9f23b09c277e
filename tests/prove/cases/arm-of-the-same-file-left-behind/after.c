// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#ifdef CONFIG_QUILL
int quill_a(vma_flags_t f)
{
	return vma_flags_test(&f, VMA_IO_BIT);
}
#else
static inline int quill_a(vm_flags_t f)
{
	return 0;
}
#endif
int quill(struct vm_area_desc *desc)
{
	return quill_a(desc->vma_flags);
}
