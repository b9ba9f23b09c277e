// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(struct vm_area_desc *desc, int n)
{
	vm_flags_t f = 0;

	if (n) {
		vm_flags_t f = desc->vm_flags;

		quill_a(f & VM_IO);
	}
	return f != 0;
}
