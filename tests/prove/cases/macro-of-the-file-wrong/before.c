// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#define IS_IO(d) ((d)->vm_flags & VM_IO)
int quill(struct vm_area_desc *desc, int n)
{
	return IS_IO(desc) != 0;
}
