// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

struct quill_room {
	unsigned long size;
};

struct quill_data {
	char name[16];
	unsigned long size;
};

static ssize_t quill_read(struct file *file, char __user *to, size_t len, loff_t *at)
{
	unsigned long val = quill_data_of(file)->size;

	return quill_copy(to, len, at, &val, sizeof(val));
}
