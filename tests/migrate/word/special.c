// SPDX-License-Identifier: GPL-2.0
#include <linux/weir.h>

/* Two copies in declarations, each less its locks. */
bool weir_shares(struct vm_area_struct *vma, struct vm_area_struct *svma)
{
	vm_flags_t vm_flags = vma->vm_flags & ~VM_LOCKED_MASK;
	vm_flags_t svm_flags = svma->vm_flags & ~VM_LOCKED_MASK;

	return vm_flags == svm_flags;
}

/* A mask keeps its name, also among other flags. */
bool weir_scanned(vm_flags_t vm_flags, bool locked)
{
	vm_flags_t disallowed = VM_SPECIAL | VM_HUGETLB;

	if (locked)
		disallowed |= VM_LOCKED;
	if (vm_flags & VM_NO_WEIR)
		return false;
	return !(vm_flags & disallowed);
}

/* What stands behind a broken argument is aligned with the arguments. */
int weir_install(struct vm_area_struct *vma, unsigned long start,
		 unsigned long len, vm_flags_t vm_flags, const char *name)
{
	return start < len && (vm_flags & VM_IO) && name;
}

int weir_install_code(struct vm_area_struct *vma, const char *name)
{
	return weir_install(vma, vma->vm_start, PAGE_SIZE,
			    VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYWRITE |
			    VM_MAYEXEC, name);
}

/* And lines below a conversion with what is in it. */
int weir_install_bits(struct vm_area_struct *vma, const char *name, u64 bits)
{
	return weir_install(vma, vma->vm_start, PAGE_SIZE,
			    VM_READ | VM_EXEC | bits |
			    VM_MAYREAD, name);
}
