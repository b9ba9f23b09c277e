// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static bool quill_may(bool is_locked, unsigned long len)
{
	return !is_locked || len;
}

int quill_brk(unsigned long len)
{
	return quill_may(current->mm->def_flags, len) ? 0 : -EAGAIN;
}
