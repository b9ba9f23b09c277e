// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	bool is_shared = desc->vm_flags & VM_SHARED;

	quill_first(is_shared);
	quill_second(is_shared);
	return 0;
}
