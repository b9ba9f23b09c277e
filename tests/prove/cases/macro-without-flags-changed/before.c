// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#define QUILL_STEP(x) ((x) + 1)

int quill(struct vm_area_desc *desc, int n)
{
	n = QUILL_STEP(n);
	return quill_take(desc, n);
}

int quill_too(struct vm_area_desc *desc, int n)
{
	n = QUILL_STEP(n);
	desc->vm_flags |= VM_IO;
	return n;
}
