// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_ask(vm_flags_t flags, int n)
{
	return flags & VM_READ ? n : 0;
}

int quill(struct vm_area_desc *desc, int n)
{
	return quill_ask(desc->vm_flags, n);
}
