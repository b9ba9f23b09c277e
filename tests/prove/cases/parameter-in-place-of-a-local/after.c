// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill(vm_flags_t new_flags)
{
	quill_look(&new_flags);
	return quill_take(new_flags & VM_IO);
}
