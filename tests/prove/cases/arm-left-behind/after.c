// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#ifdef CONFIG_MMU
static bool quill_may(vma_flags_t flags)
{
	return vma_flags_test(&flags, VMA_IO_BIT);
}

#else
static bool quill_may(vm_flags_t vm_flags)
{
	return vm_flags & VM_IO;
}

#endif
int quill_prepare(struct vm_area_desc *desc)
{
	if (quill_may(desc->vma_flags))
		return 1;
	return 0;
}
