// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	switch (desc->vm_flags & (VM_READ | VM_WRITE)) {
	case VM_READ:
		return 1;
	case VM_WRITE:
		return 2;
	}
	return 0;
}
