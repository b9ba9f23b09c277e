// SPDX-License-Identifier: GPL-2.0
#include <linux/weir.h>

/* Two copies in declarations, each less its locks. */
bool weir_shares(struct vm_area_struct *vma, struct vm_area_struct *svma)
{
	vma_flags_t vma_flags = vma->flags;
	vma_flags_t svm_flags = svma->flags;

	vma_flags_clear_mask(&vma_flags, VMA_LOCKED_MASK);
	vma_flags_clear_mask(&svm_flags, VMA_LOCKED_MASK);

	return vma_flags_same_pair(&vma_flags, &svm_flags);
}

/* A mask keeps its name, also among other flags. */
bool weir_scanned(vma_flags_t vma_flags, bool locked)
{
	vma_flags_t disallowed = append_vma_flags(VMA_SPECIAL_FLAGS,
						  VMA_HUGETLB_BIT);

	if (locked)
		vma_flags_set(&disallowed, VMA_LOCKED_BIT);
	if (vma_flags_test_any_mask(&vma_flags, VMA_NO_WEIR))
		return false;
	return !vma_flags_test_any_mask(&vma_flags, disallowed);
}

/* What stands behind a broken argument is aligned with the arguments. */
int weir_install(struct vm_area_struct *vma, unsigned long start,
		 unsigned long len, vma_flags_t vma_flags, const char *name)
{
	return start < len && vma_flags_test(&vma_flags, VMA_IO_BIT) && name;
}

int weir_install_code(struct vm_area_struct *vma, const char *name)
{
	return weir_install(vma, vma->vm_start, PAGE_SIZE,
			    mk_vma_flags(VMA_READ_BIT, VMA_EXEC_BIT,
					 VMA_MAYREAD_BIT, VMA_MAYWRITE_BIT,
					 VMA_MAYEXEC_BIT), name);
}

/* And lines below a conversion with what is in it. */
int weir_install_bits(struct vm_area_struct *vma, const char *name, u64 bits)
{
	return weir_install(vma, vma->vm_start, PAGE_SIZE,
			    legacy_to_vma_flags(VM_READ | VM_EXEC | bits |
						VM_MAYREAD), name);
}
