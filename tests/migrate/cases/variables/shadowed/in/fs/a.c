#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_prepare(struct vm_area_desc *desc)
{
	vm_flags_t vm_flags = desc->vm_flags;
	int n = 0;

	for (unsigned long i = 0; i < 3; i++) {
		unsigned long vm_flags = i << 2;

		n += vm_flags >> 1;
	}
	if (vm_flags & VM_READ)
		n++;
	return n;
}
