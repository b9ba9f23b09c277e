#include <linux/mm.h>

#define IS_SHARED(d)	((d)->vm_flags & VM_SHARED)
#define ADD_IO(d)			\
	do {				\
		(d)->vm_flags |= VM_IO;	\
	} while (0)

int prepare(struct vm_area_desc *desc)
{
	if (IS_SHARED(desc))
		ADD_IO(desc);
	DEBUG(desc->vm_flags |= VM_IO);
	do_each(desc->vm_flags |= VM_IO;)
	if (min_t(bool, desc->vm_flags & VM_READ, 1))
		return 1;
	return 0;
}
