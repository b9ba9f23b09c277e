// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_a(unsigned int f)
{
	return f != 0;
}

int quill(struct vm_area_desc *desc)
{
	return quill_a(desc->vm_flags & VM_SEALED);
}
