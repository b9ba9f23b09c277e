// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

struct quill_lanes {
	long first;
	long second;
};

int quill_prepare(struct vm_area_desc *desc, void *lanes)
{
	if (vma_desc_test_flags(desc, VMA_IO_BIT) && quill_lane(lanes, offsetof(struct quill_lanes, second)))
		return quill_made(struct quill_lanes, desc);
	return 0;
}
