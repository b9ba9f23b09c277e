// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_map(struct vm_area_desc *desc)
{
	return desc->vm_flags & VM_IO ? 1 : 0;
}

int quill(struct vm_area_desc *desc)
{
	struct quill_map map;

	quill_fill(&map);
	return desc->vm_flags & VM_READ ? map.n : 0;
}
