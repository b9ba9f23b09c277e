// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

typedef int (*quill_fn)(struct vm_area_desc *desc, int n);
typedef unsigned long quill_row[4];

int quill(struct vm_area_desc *desc, int n)
{
	desc->vm_flags |= VM_IO;
	return 0;
}
