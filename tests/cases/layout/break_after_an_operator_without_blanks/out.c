int mapped(unsigned long own)
{
	return install_special_mapping(legacy_to_vma_flags(VM_READ|VM_EXEC|own|
							   VM_MAYREAD|
							   VM_MAYEXEC));
}
