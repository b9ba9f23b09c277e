#include <linux/mm.h>

struct holder { struct vm_area_desc desc, *pointer, array[2]; };
typedef struct vm_area_desc desc_t;

struct vm_area_desc *find(int n);

int prepare(struct holder *h, struct holder own, desc_t *t, int n)
{
	struct vm_area_desc local, *p = &local;

	local.vm_flags |= VM_IO;
	p->vm_flags |= VM_IO;
	(*p).vm_flags |= VM_IO;
	(&local)->vm_flags |= VM_IO;
	h->desc.vm_flags |= VM_IO;
	h->pointer->vm_flags |= VM_IO;
	own.pointer->vm_flags |= VM_IO;
	h->array[n].vm_flags |= VM_IO;
	h->array->vm_flags |= VM_IO;
	t->vm_flags |= VM_IO;
	find(n)->vm_flags |= VM_IO;
	(n ? p : t)->vm_flags |= VM_IO;
	(p + n)->vm_flags |= VM_IO;
	((struct vm_area_desc *)h)->vm_flags |= VM_IO;
	return own.desc.vm_flags & VM_IO ? 1 : 0;
}
