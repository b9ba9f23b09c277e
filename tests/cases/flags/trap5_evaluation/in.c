#include <linux/mm.h>

struct vm_area_desc *next(void);

int prepare(struct vm_area_desc *desc, struct vm_area_desc **list)
{
	desc++->vm_flags |= VM_IO;
	(++desc)->vm_flags &= ~VM_IO;
	if ((next()->vm_flags & VM_IO) == VM_IO)
		return 1;
	if ((*list++)->vm_flags & VM_REMAP_FLAGS)
		return 2;
	(desc = next())->vm_flags |= VM_IO;
	return 0;
}
