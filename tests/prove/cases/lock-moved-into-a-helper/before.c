// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, struct quill *q)
{
	quill_lock(q);
	desc->vm_flags |= VM_IO;
	return 0;
}

int quill_again(struct vm_area_desc *desc, struct quill *q)
{
	quill_lock(q);
	if (q)
		return 0;
	desc->vm_flags |= VM_IO;
	return 0;
}
