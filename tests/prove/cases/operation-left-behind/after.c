// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

struct quill_ops {
	int (*ask)(vma_flags_t flags, int n);
};

static int quill_ask(vm_flags_t flags, int n)
{
	return flags & VM_READ ? n : 0;
}

static const struct quill_ops quill_ops = {
	.ask = quill_ask,
};
