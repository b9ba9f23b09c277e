// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	quill_lock(desc);
	desc->vm_flags |= VM_IO;
	return 0;
}
