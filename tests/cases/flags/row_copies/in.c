#include <linux/mm.h>

struct map { vm_flags_t vm_flags; };

int prepare(struct vm_area_desc *desc, struct map *map, struct vm_area_struct *vma)
{
	struct vm_area_desc own = {
		.start = 0,
		.vm_flags = vma->vm_flags,
	};

	desc->vm_flags = map->vm_flags;
	map->vm_flags = own.vm_flags;
	return desc->vm_flags == map->vm_flags;
}
