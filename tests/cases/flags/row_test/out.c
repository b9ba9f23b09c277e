#include <linux/mm.h>

int prepare(struct vm_area_desc *desc, int a)
{
	if (vma_desc_test_flags(desc, VMA_SHARED_BIT))
		return 1;
	if (!vma_desc_test_flags(desc, VMA_SHARED_BIT))
		return 2;
	if (a && vma_desc_test_flags(desc, VMA_READ_BIT, VMA_EXEC_BIT))
		return 3;
	if (a || vma_desc_test_flags(desc, VMA_READ_BIT))
		return 4;
	while (vma_desc_test_flags(desc, VMA_LOCKED_BIT))
		a++;
	for (; vma_desc_test_flags(desc, VMA_IO_BIT); a++)
		;
	do {
		a = vma_desc_test_flags(desc, VMA_IO_BIT) ? 1 : 0;
	} while (vma_desc_test_flags(desc, VMA_IO_BIT));
	return vma_desc_test_flags(desc, VMA_READ_BIT) ? 5 : 6;
}

int row_test_doubled(struct vm_area_desc *desc, int a)
{
	bool b = vma_desc_test_flags(desc, VMA_READ_BIT);

	if (vma_desc_test_flags(desc, VMA_WRITE_BIT))
		return vma_desc_test_flags(desc, VMA_READ_BIT, VMA_WRITE_BIT);
	if (!vma_desc_test_flags(desc, VMA_IO_BIT) ||
	    !vma_desc_test_flags(desc, VMA_EXEC_BIT))
		return vma_desc_test_flags(desc, VMA_SHARED_BIT) + b;
	return !/* not */!vma_desc_test_flags(desc, VMA_IO_BIT);
}
