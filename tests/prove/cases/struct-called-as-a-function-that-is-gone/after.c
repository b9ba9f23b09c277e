// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc)
{
	struct quill_map map;

	quill_fill(&map);
	return vma_desc_test_flags(desc, VMA_READ_BIT) ? map.n : 0;
}
