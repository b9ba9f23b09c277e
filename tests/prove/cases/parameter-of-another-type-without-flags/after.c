// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

typedef unsigned int __bitwise quill_how_t;

#define QUILL_FAST ((__force quill_how_t)0x40)

static int quill_take(struct vm_area_desc *desc, quill_how_t how)
{
	return how & QUILL_FAST ? 1 : quill_slow(desc);
}

int quill(struct vm_area_desc *desc, int fast)
{
	quill_how_t how = fast ? QUILL_FAST : 0;

	return quill_take(desc, how);
}
