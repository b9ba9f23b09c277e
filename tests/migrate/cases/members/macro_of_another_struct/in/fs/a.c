#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

struct a_map {
	unsigned long vm_flags;
};

#define A_INIT(name, map_)	struct a_map name = { .vm_flags = (map_)->vm_flags }
#define A_BOTH(word)		{ .vm_flags = (word) }

unsigned long a_copy(struct a_map *map, struct vm_area_desc *desc)
{
	struct a_map other = A_BOTH(3);
	A_INIT(copy, map);

	desc->vm_flags |= VM_READ;
	return copy.vm_flags + other.vm_flags;
}
