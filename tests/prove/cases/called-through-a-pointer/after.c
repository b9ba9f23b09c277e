// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

struct quill_ops {
	int (*ask)(vma_flags_t f);
};

int quill(struct quill_ops *o, struct vm_area_desc *desc)
{
	return o->ask(desc->vm_flags);
}
