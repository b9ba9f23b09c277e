// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_ask(vm_flags_t flags, int n)
{
	return flags & VM_READ ? n : 0;
}

static quill_fn quill_table[] = { quill_none, quill_ask };
