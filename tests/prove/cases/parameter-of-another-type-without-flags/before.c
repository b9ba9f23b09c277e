// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#define QUILL_FAST 0x40

static int quill_take(struct vm_area_desc *desc, unsigned int how)
{
	return how & QUILL_FAST ? 1 : quill_slow(desc);
}

int quill(struct vm_area_desc *desc, int fast)
{
	unsigned int how = fast ? QUILL_FAST : 0;

	return quill_take(desc, how);
}
