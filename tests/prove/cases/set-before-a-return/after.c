// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	vma_desc_set_flags(desc, VMA_DONTCOPY_BIT);
	return vma_desc_test_flags(desc, VMA_EXEC_BIT) ? -EACCES : 0;
}
