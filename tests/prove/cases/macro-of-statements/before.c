// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#define quill_set(desc) do { (desc)->vm_flags |= VM_IO; } while (0)

int quill(struct vm_area_desc *desc, int n)
{
	quill_set(desc);
	return 0;
}
