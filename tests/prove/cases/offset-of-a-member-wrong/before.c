// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

struct quill_lanes {
	long first;
	long second;
};

int quill_prepare(struct vm_area_desc *desc, void *lanes)
{
	if (desc->vm_flags & VM_IO && quill_lane(lanes, offsetof(struct quill_lanes, second)))
		return quill_made(struct quill_lanes, desc);
	return 0;
}
