// SPDX-License-Identifier: GPL-2.0
/*
 * What is done with flags that are handed on, row by row: these turn when the signatures do.
 */
#include <linux/mm.h>

static int tested(vm_flags_t vm_flags)
{
	if (vm_flags & VM_IO)
		return 1;
	if (!(vm_flags & (VM_READ | VM_WRITE)))
		return 2;
	if ((vm_flags & (VM_SHARED | VM_MAYSHARE)) == (VM_SHARED | VM_MAYSHARE))
		return 3;
	if ((vm_flags & VM_EXEC) != VM_EXEC)
		return 4;
	return (vm_flags & (VM_WRITE | VM_LOCKED)) == VM_WRITE ? 5 : 6;
}

int handed_tests(struct vm_area_struct *vma)
{
	return tested(vma->vm_flags);
}

static int masked(vm_flags_t vm_flags)
{
	if (vm_flags & VM_SPECIAL)
		return 1;
	if ((vm_flags & VM_LOCKED_MASK) == VM_LOCKED_MASK)
		return 2;
	if (vm_flags & VM_DROPPABLE)
		return 3;
	return vm_flags & (VM_GROWSDOWN | VM_GROWSUP) ? 4 : 5;
}

int handed_masks(struct vm_area_struct *vma)
{
	return masked(vma->vm_flags);
}

static int changed_by_name(vm_flags_t vm_flags)
{
	vm_flags |= VM_READ | VM_MAYREAD;
	vm_flags &= ~(VM_EXEC | VM_MAYEXEC);
	if (vm_flags & VM_LOCKED)
		vm_flags = VM_LOCKED | VM_IO;
	if (!vm_flags)
		return 1;
	return vm_flags & (VM_EXEC | VM_IO) ? 2 : 3;
}

int handed_changes(struct vm_area_struct *vma)
{
	return changed_by_name(vma->vm_flags);
}

int snapshot(struct vm_area_struct *vma)
{
	vm_flags_t vm_flags = vma->vm_flags;

	vm_flags_set(vma, VM_LOCKED);
	return vm_flags & VM_LOCKED ? 1 : 2;
}

int put_together(struct vm_area_struct *vma)
{
	vm_flags_t vm_flags = 0;

	if (vma->vm_flags & VM_READ)
		vm_flags |= VM_MAYREAD;
	if (vma->vm_flags & VM_WRITE)
		vm_flags |= VM_MAYWRITE | VM_MAYSHARE;
	vm_flags_init(vma, vm_flags);
	return 0;
}

static int with_mask(struct vm_area_struct *vma, vm_flags_t mask)
{
	vm_flags_t newflags = vma->vm_flags & ~VM_LOCKED_MASK;

	newflags |= mask;
	if (newflags == vma->vm_flags)
		return 1;
	vm_flags_init(vma, newflags);
	return 2;
}

int replaced(struct vm_area_struct *vma)
{
	return with_mask(vma, VM_LOCKED) + with_mask(vma, VM_LOCKED | VM_LOCKONFAULT);
}

static int kept_part(vm_flags_t vm_flags)
{
	vm_flags_t part = vm_flags & (VM_READ | VM_WRITE | VM_EXEC);

	if (part == VM_READ)
		return 1;
	return part != (VM_READ | VM_WRITE) ? 2 : 3;
}

int part_as_a_value(struct vm_area_struct *vma)
{
	return kept_part(vma->vm_flags);
}

static int cleared(vm_flags_t vm_flags, vm_flags_t mask)
{
	vm_flags &= ~mask;
	if (vm_flags & mask)
		return 1;
	return vm_flags ? 2 : 3;
}

int cleared_by_a_variable(struct vm_area_struct *vma)
{
	return cleared(vma->vm_flags, VM_SPECIAL) * 4 + cleared(vma->vm_flags, VM_ACCESS_FLAGS);
}

static void through_a_pointer(vm_flags_t *vm_flags)
{
	if (*vm_flags & VM_SEQ_READ)
		*vm_flags = 0;
	*vm_flags |= VM_RAND_READ;
	*vm_flags &= ~VM_SEQ_READ;
}

int in_and_out(struct vm_area_struct *vma)
{
	vm_flags_t vm_flags = vma->vm_flags;

	through_a_pointer(&vm_flags);
	vm_flags_init(vma, vm_flags);
	return vm_flags & VM_RAND_READ ? 1 : 2;
}

static vm_flags_t chosen(int a)
{
	if (a == 1)
		return VM_READ | VM_SHARED;
	return a ? VM_WRITE : VM_EXEC;
}

int result(struct vm_area_struct *vma)
{
	int which = vma->vm_flags & VM_READ ? 1 : vma->vm_flags & VM_WRITE ? 2 : 0;

	vm_flags_init(vma, chosen(which));
	return which;
}

int read_once_into_a_variable(struct vm_area_struct *vma)
{
	vm_flags_t vm_flags = READ_ONCE(vma->vm_flags);

	return vm_flags & (VM_LOCKED | VM_IO) ? 1 : 2;
}

static int set_by_a_variable(struct vm_area_struct *vma, vm_flags_t set)
{
	vm_flags_set(vma, set);
	return set & VM_IO ? 1 : 2;
}

int setters_with_variables(struct vm_area_struct *vma)
{
	return set_by_a_variable(vma, VM_IO | VM_PFNMAP) + set_by_a_variable(vma, VM_DONTCOPY);
}
