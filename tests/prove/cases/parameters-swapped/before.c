// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill(vm_flags_t a, vm_flags_t b)
{
	return (a & VM_IO) && !(b & VM_READ);
}
