static inline bool a_vm_big(vm_flags_t vm_flags)
{
	return !!(vm_flags & VM_HUGETLB);
}

static inline bool a_vma_big(const vma_flags_t *vma_flags)
{
	return vma_flags_test(vma_flags, VMA_HUGETLB_BIT);
}
