// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_a(vma_flags_t f)
{
	return vma_flags_test(&f, VMA_IO_BIT);
}

struct quill_ops {
	int (*ask)(vm_flags_t f);
};

static const struct quill_ops ops = {
	.ask = quill_a,
};
