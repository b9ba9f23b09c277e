// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	switch (n) {
	case 1:
		break;
	case 2:
		vma_desc_set_flags(desc, VMA_IO_BIT);
		break;
	}
	return 0;
}
