#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

void a_add(unsigned long *word);

static int check(vm_flags_t flags, int n)
{
	a_add(&flags);
	return flags & VM_READ ? n : 0;
}

int a_prepare(struct vm_area_desc *desc)
{
	return check(VM_READ, 1) +
	       check(vma_flags_to_legacy(desc->vma_flags), 2);
}
