// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

struct quill_ops {
	int (*ask)(vma_flags_t flags, int n);
};

static int quill_ask(vma_flags_t flags, int n)
{
	return vma_flags_test(&flags, VMA_READ_BIT) ? n : 0;
}

static int quill_two(vma_flags_t flags, int n)
{
	return vma_flags_test(&flags, VMA_WRITE_BIT) ? n : 0;
}

static const struct quill_ops quill_ops = {
	.ask = quill_two,
};
