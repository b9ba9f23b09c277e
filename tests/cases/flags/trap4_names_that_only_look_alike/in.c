#include <linux/mm.h>

#define VM_FOO_LOCAL	0x1000

struct own { vm_flags_t vm_flags; };
static struct own *desc;

int prepare(struct own *own, struct vm_area_struct *vma, int n)
{
	vm_flags_t vm_flags = VM_READ;

	desc->vm_flags |= VM_IO;
	own->vm_flags |= VM_IO;
	if (vma->vm_flags & VM_IO)
		vm_flags |= VM_IO;
	return 0;
}

int other(struct vm_area_desc *desc, struct vm_struct *area)
{
	/* desc->vm_flags |= VM_IO */
	desc->vm_flags |= VM_FOO_LOCAL;
	if (desc->vm_flags & VM_ALLOC)
		desc->vm_flags |= VM_IO;
	trace("desc->vm_flags & VM_IO");
	{
		struct own *desc = 0;

		desc->vm_flags |= VM_IO;
	}
	return 0;
}
