// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_a(vm_flags_t f)
{
	return (f & VM_IO) != 0;
}

struct quill_ops {
	int (*ask)(vm_flags_t f);
};

static const struct quill_ops ops = {
	.ask = quill_a,
};
