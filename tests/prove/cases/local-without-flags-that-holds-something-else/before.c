// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

struct quill_room {
	unsigned long size;
};

struct quill_data {
	char name[16];
	struct quill_room *room;
};

static ssize_t quill_read(struct file *file, char __user *to, size_t len, loff_t *at)
{
	unsigned long val = quill_data_of(file)->room->size;

	return quill_copy(to, len, at, &val, sizeof(val));
}
