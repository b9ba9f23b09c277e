// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	switch (n) {
	case 1:
		desc->vm_flags |= VM_IO;
		break;
	case 2:
		break;
	}
	return 0;
}
