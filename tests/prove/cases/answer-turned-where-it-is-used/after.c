// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	bool is_shared = vma_desc_test_flags(desc, VMA_SHARED_BIT);

	quill_first(is_shared);
	quill_second(!is_shared);
	return 0;
}
