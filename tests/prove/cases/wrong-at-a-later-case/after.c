// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	vm_flags_t f = desc->vm_flags & VM_WRITE;

	switch (n) {
	case 1:
		f = 0;
	case 2:
		quill_use(f);
		break;
	}
	return 0;
}
