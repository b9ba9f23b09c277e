// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

void quill(vma_flags_t *flags)
{
	vma_flags_set(flags, VMA_READ_BIT);
}
