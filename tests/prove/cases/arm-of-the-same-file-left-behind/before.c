// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#ifdef CONFIG_QUILL
int quill_a(vm_flags_t f)
{
	return (f & VM_IO) != 0;
}
#else
static inline int quill_a(vm_flags_t f)
{
	return 0;
}
#endif
int quill(struct vm_area_desc *desc)
{
	return quill_a(desc->vm_flags);
}
