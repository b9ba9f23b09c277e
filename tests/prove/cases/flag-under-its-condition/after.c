// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#ifdef CONFIG_PARISC
int quill_prepare(struct vm_area_desc *desc)
{
	if (vma_desc_test_flags(desc, VMA_GROWSUP_BIT))
		return -EINVAL;
	return 0;
}
#endif
