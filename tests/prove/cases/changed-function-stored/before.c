// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_a(vm_flags_t f)
{
	return (f & VM_IO) != 0;
}

void quill(struct quill_ops *o)
{
	o->ask = quill_a;
}
