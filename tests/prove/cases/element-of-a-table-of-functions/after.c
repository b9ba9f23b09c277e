// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_ask(vma_flags_t flags, int n)
{
	return vma_flags_test(&flags, VMA_READ_BIT) ? n : 0;
}

static quill_fn quill_table[] = { quill_none, quill_ask };
