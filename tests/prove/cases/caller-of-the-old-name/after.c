// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_b(vm_flags_t f)
{
	return (f & VM_IO) != 0;
}

int quill(struct vm_area_desc *desc)
{
	return quill_a(desc->vm_flags);
}
