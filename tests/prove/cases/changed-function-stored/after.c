// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_a(vma_flags_t f)
{
	return vma_flags_test(&f, VMA_IO_BIT);
}

void quill(struct quill_ops *o)
{
	o->ask = quill_a;
}
