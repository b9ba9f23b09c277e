// SPDX-License-Identifier: GPL-2.0
#include <linux/weir.h>

unsigned long weir_orders(struct vm_area_struct *vma, vm_flags_t vm_flags,
			  unsigned long wanted)
{
	if (vm_flags & VM_IO)
		return 0;
	if ((vm_flags & (VM_READ | VM_WRITE)) == VM_READ)
		wanted &= 3;
	return vma->vm_start ? wanted : 0;
}

unsigned long arch_weir_gap(unsigned long len, vm_flags_t vm_flags)
{
	if (vm_flags & VM_SHADOW_STACK)
		return 4096;
	return (vm_flags & (VM_GROWSDOWN | VM_GROWSUP)) ? len : 0;
}

static vm_flags_t weir_default(int advice)
{
	vm_flags_t vm_flags = advice ? VM_SEQ_READ : VM_RAND_READ;

	vm_flags |= weir_bits(advice) | VM_READ | VM_WRITE;
	return vm_flags;
}

int weir_map(unsigned long len, vm_flags_t vm_flags)
{
	if (!vm_flags)
		return 1;
	if (vm_flags & VM_LOCKED)
		return 2;
	weir_show(vm_flags);
	weir_show((len & ~1UL) | vm_flags);
	vm_flags |= weir_default(0);
	return arch_weir_gap(len, vm_flags) ? 3 : 0;
}

int weir_fault(struct vm_area_struct *vma)
{
	vm_flags_t vm_flags = vma->vm_flags;
	vm_flags_t need = VM_READ;

	if (vma->vm_start)
		need = VM_WRITE;
	if (!(vma->vm_flags & need))
		return 1;
	return weir_order(vma, vm_flags, 2);
}

int weir_madvise(struct vm_area_struct *vma, int advice)
{
	vm_flags_t new_flags = vma->vm_flags;
	int error;

	switch (advice) {
	case 1:
		new_flags = (new_flags & ~VM_RAND_READ) | VM_SEQ_READ;
		break;
	case 2:
		new_flags = new_flags & ~VM_RAND_READ & ~VM_SEQ_READ;
		break;
	default:
		error = weir_advise(vma, advice, &new_flags);
		if (error)
			return error;
	}
	if (new_flags == vma->vm_flags)
		return 0;
	vm_flags_init(vma, new_flags & ~VM_LOCKED_MASK);
	return 4;
}

int weir_mlock(struct vm_area_struct *vma)
{
	vm_flags_t newflags;

	newflags = vma->vm_flags & ~VM_LOCKED_MASK;
	newflags |= VM_LOCKED;
	return weir_lock(vma, newflags);
}
