// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc, int n)
{
	int shared = desc->vm_flags & VM_SHARED;

	if (quill_touch(n))
		goto out;
	quill_note(n);
out:
	if (shared > n)
		return -EINVAL;
	return 0;
}
