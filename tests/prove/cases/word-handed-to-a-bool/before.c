// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_map(struct vm_area_desc *desc, bool shared);

int quill_prepare(struct vm_area_desc *desc)
{
	return quill_map(desc, desc->vm_flags & VM_SHARED);
}
