// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(unsigned long flags)
{
	return vma_flags_test(&flags, VMA_READ_BIT);
}
