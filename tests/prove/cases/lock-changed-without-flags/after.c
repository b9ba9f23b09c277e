// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	desc->vm_flags |= VM_IO;
	quill_note(n);
	quill_touch(n);
	quill_unlock(n);
	return 0;
}
