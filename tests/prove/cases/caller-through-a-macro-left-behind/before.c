// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static bool quill_may(vm_flags_t vm_flags, unsigned long len)
{
	return !(vm_flags & VM_LOCKED) || len;
}

int quill_brk(unsigned long len)
{
	return quill_may(current->mm->def_flags, len) ? 0 : -EAGAIN;
}
