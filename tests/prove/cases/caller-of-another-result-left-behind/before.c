// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static vm_flags_t quill_of(int n)
{
	return n ? VM_READ : 0;
}

int quill(int n)
{
	return quill_of(n) & VM_READ ? 1 : 0;
}
