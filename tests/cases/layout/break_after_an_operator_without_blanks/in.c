int mapped(unsigned long own)
{
	return install(VM_READ|VM_EXEC|own|VM_MAYREAD|VM_MAYEXEC);
}
