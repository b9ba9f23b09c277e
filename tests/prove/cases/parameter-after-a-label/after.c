// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_prepare(struct vm_area_desc *desc)
{
	int err = quill_ready(desc->file);

	if (err)
		goto out;
	quill_note(desc->file);
out:
	vma_desc_set_flags(desc, VMA_IO_BIT);
	return err;
}
