// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill(vma_flags_t b, vma_flags_t a)
{
	return vma_flags_test(&a, VMA_IO_BIT) && !vma_flags_test(&b, VMA_READ_BIT);
}
