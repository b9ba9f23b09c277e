// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc, int n)
{
	int shared = vma_desc_test_flags(desc, VMA_SHARED_BIT);

	if (quill_touch(n))
		goto out;
	quill_note(n);
out:
	if (shared > n)
		return -EINVAL;
	return 0;
}
