// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#define is_quill(desc) ((desc)->vm_flags & VM_WRITE)

int quill(struct vm_area_desc *desc)
{
	return is_quill(desc) ? 1 : 0;
}
