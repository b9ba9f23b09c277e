// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static bool quill_may(vm_flags_t vm_flags, int n)
{
	return !(vm_flags & VM_LOCKED) || n;
}

int quill_prepare(struct vm_area_desc *desc)
{
	if (quill_may(desc->vm_flags, 3))
		return 0;
	return -EPERM;
}

int quill_again(struct vm_area_desc *desc)
{
	quill_touch(desc);
	return quill_may(desc->vm_flags | VM_LOCKED, 4) ? 0 : -EPERM;
}
