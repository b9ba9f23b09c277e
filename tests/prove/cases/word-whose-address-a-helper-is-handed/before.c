// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

int quill(vm_flags_t flags)
{
	return flags & VM_READ ? 1 : 0;
}
