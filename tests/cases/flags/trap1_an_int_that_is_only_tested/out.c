#include <linux/mm.h>

void take(int n);

static int tested(const struct vm_area_desc *desc, int more)
{
	int exec = vma_desc_test(desc, VMA_EXEC_BIT);
	unsigned long shared = vma_desc_test(desc, VMA_SHARED_BIT), other = 1;

	if (exec && more)
		return 1;
	return (more || !shared) ? other : 2;
}

static int taken(const struct vm_area_desc *desc)
{
	int exec = desc->vm_flags & VM_EXEC;
	int arm = desc->vm_flags & VM_READ;
	static int kept = 0;

	if (exec)
		take(exec);
#ifdef CONFIG_MMU
	take(arm);
#else
	if (arm)
		return 1;
#endif
	if (kept)
		return 0;
	return 3;
}

static int changed(const struct vm_area_desc *desc)
{
	int exec = desc->vm_flags & VM_EXEC;
	int shared = desc->vm_flags & VM_SHARED;
	int *where = &shared;

	exec <<= 1;
	if (exec || *where)
		return 0;
	return 1;
}
