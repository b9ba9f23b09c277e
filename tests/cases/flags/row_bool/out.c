#include <linux/mm.h>

void take(bool b);

static bool returns(const struct vm_area_desc *desc)
{
	bool b = vma_desc_test_flags(desc, VMA_READ_BIT);

	b = vma_desc_test_flags(desc, VMA_WRITE_BIT);
	b = !vma_desc_test_flags(desc, VMA_WRITE_BIT);
	b |= vma_desc_test_flags(desc, VMA_IO_BIT);
	take(vma_desc_test_flags(desc, VMA_EXEC_BIT));
	return vma_desc_test_flags(desc, VMA_SHARED_BIT);
}
