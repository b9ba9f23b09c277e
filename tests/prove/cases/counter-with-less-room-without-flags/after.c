// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

struct quill_slot {
	unsigned int flags;
};

static void quill_drop(struct quill_slot *slots, u16 tag)
{
	struct quill_slot *slot = &slots[tag];

	slot->flags |= 4;
	quill_wake(slot);
}

void quill_drop_all(struct quill_slot *slots, int depth)
{
	u16 i;

	for (i = 0; i < depth; i++)
		quill_drop(slots, i);
}
