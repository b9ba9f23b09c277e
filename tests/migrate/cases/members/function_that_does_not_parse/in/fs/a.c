#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define A_IF if (
#define A_THEN )

int a_prepare(struct vm_area_desc *desc, int n)
{
	A_IF n A_THEN
		return 2;
	desc->vm_flags |= VM_READ;
	return 0;
}
