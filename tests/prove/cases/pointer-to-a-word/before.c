// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

void quill(vm_flags_t *flags)
{
	*flags |= VM_READ;
}
