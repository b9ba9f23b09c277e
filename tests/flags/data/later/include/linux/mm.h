/* SPDX-License-Identifier: GPL-2.0 */
#define VM_NONE		0x00000000

#define DECLARE_VMA_BIT(flag, nr) VMA_ ## flag ## _BIT = (__force vma_flag_t)(nr)
enum {
	DECLARE_VMA_BIT(READ, 0),
	DECLARE_VMA_BIT(WRITE, 1),
	DECLARE_VMA_BIT(EXEC, 2),
	DECLARE_VMA_BIT(GROWSDOWN, 8),
#ifdef CONFIG_MMU
	DECLARE_VMA_BIT(UFFD_MISSING, 9),
#endif
	DECLARE_VMA_BIT(PFNMAP, 10),
	DECLARE_VMA_BIT(GUARD, 11),
	DECLARE_VMA_BIT(UFFD_WP, 12),
	DECLARE_VMA_BIT(IO, 14),
	DECLARE_VMA_BIT(SOFTDIRTY, 27),
	DECLARE_VMA_BIT(DROPPABLE, 40),
};

#define INIT_VM_FLAG(flag) BIT((__force int) VMA_ ## flag ## _BIT)
#define VM_READ		INIT_VM_FLAG(READ)
#define VM_WRITE	INIT_VM_FLAG(WRITE)
#define VM_EXEC		INIT_VM_FLAG(EXEC)
#define VM_GROWSDOWN	INIT_VM_FLAG(GROWSDOWN)
#ifdef CONFIG_MMU
#define VM_UFFD_MISSING	INIT_VM_FLAG(UFFD_MISSING)
#else
#define VM_UFFD_MISSING	VM_NONE
#endif
#define VM_PFNMAP	INIT_VM_FLAG(PFNMAP)
#define VM_GUARD	INIT_VM_FLAG(GUARD)
#define VM_UFFD_WP	INIT_VM_FLAG(UFFD_WP)
#define VM_IO		INIT_VM_FLAG(IO)
#ifdef CONFIG_MEM_SOFT_DIRTY
#define VM_SOFTDIRTY	INIT_VM_FLAG(SOFTDIRTY)
#else
#define VM_SOFTDIRTY	VM_NONE
#endif
#ifdef CONFIG_64BIT
#define VM_DROPPABLE	INIT_VM_FLAG(DROPPABLE)
#define VMA_DROPPABLE	mk_vma_flags(VMA_DROPPABLE_BIT)
#else
#define VM_DROPPABLE	VM_NONE
#define VMA_DROPPABLE	EMPTY_VMA_FLAGS
#endif

/* One bit, written as a mask: the flag is the better spelling. */
#define VMA_UFFD_WP	mk_vma_flags(VMA_UFFD_WP_BIT)
/* Not the same as the word where there is no MMU. */
#define VMA_UFFD_MISSING mk_vma_flags(VMA_UFFD_MISSING_BIT)

#define VM_ACCESS_FLAGS (VM_READ | VM_WRITE | VM_EXEC)
#define VMA_ACCESS_FLAGS mk_vma_flags(VMA_EXEC_BIT, VMA_READ_BIT, \
				      VMA_WRITE_BIT)
#define VMA_SPECIAL_FLAGS mk_vma_flags(VMA_IO_BIT, VMA_PFNMAP_BIT)
#define VM_SPECIAL vma_flags_to_legacy(VMA_SPECIAL_FLAGS)
#define VM_STICKY (VM_SOFTDIRTY | VM_GUARD)
#ifdef CONFIG_MEM_SOFT_DIRTY
#define VMA_STICKY_FLAGS mk_vma_flags(VMA_SOFTDIRTY_BIT, VMA_GUARD_BIT)
#else
#define VMA_STICKY_FLAGS mk_vma_flags(VMA_GUARD_BIT)
#endif
#define VMA_IGNORE_FLAGS VMA_STICKY_FLAGS
/* Related by name, but not the same bits. */
#define VM_LOCKED_MASK (VM_READ | VM_WRITE)
#define VMA_LOCKED_MASK mk_vma_flags(VMA_READ_BIT)
/* The same bits, but not related. */
#define VM_TEXT_FLAGS (VM_READ | VM_EXEC)
#define VMA_ROM_FLAGS mk_vma_flags(VMA_READ_BIT, VMA_EXEC_BIT)
#define VMA_GROWN_FLAGS append_vma_flags(VMA_SPECIAL_FLAGS, \
		VMA_GROWSDOWN_BIT)
#define TASK_EXEC_BIT (current->exec ? VMA_EXEC_BIT : VMA_READ_BIT)
#define VMA_TSK_FLAGS mk_vma_flags(VMA_READ_BIT, TASK_EXEC_BIT)
#define VM_TSK_FLAGS vma_flags_to_legacy(VMA_TSK_FLAGS)

#define mk_vma_flags(...) __mk_vma_flags(EMPTY_VMA_FLAGS, __VA_ARGS__)
#define append_vma_flags(flags, ...) __mk_vma_flags(flags, __VA_ARGS__)

static __always_inline bool vma_flags_test(const vma_flags_t *flags,
		vma_flag_t bit)
{
	return test_bit((__force int)bit, flags->__vma_flags);
}

static __always_inline bool vma_flags_test_any_mask(const vma_flags_t *flags,
		vma_flags_t to_test)
{
	return bitmap_intersects(to_test.__vma_flags, flags->__vma_flags, 64);
}
#define vma_flags_test_any(flags, ...) \
	vma_flags_test_any_mask(flags, mk_vma_flags(__VA_ARGS__))

static __always_inline bool vma_flags_test_all_mask(const vma_flags_t *flags,
		vma_flags_t to_test)
{
	return bitmap_subset(to_test.__vma_flags, flags->__vma_flags, 64);
}
#define vma_flags_test_all(flags, ...) \
	vma_flags_test_all_mask(flags, mk_vma_flags(__VA_ARGS__))

void vma_flags_set_mask(vma_flags_t *flags, vma_flags_t to_set);
#define vma_flags_set(flags, ...) vma_flags_set_mask(flags, mk_vma_flags(__VA_ARGS__))
void vma_flags_clear_mask(vma_flags_t *flags, vma_flags_t to_clear);
#define vma_flags_clear(flags, ...) vma_flags_clear_mask(flags, mk_vma_flags(__VA_ARGS__))

static __always_inline bool
vma_desc_test(const struct vm_area_desc *desc, vma_flag_t bit)
{
	return vma_flags_test(&desc->vma_flags, bit);
}
bool vma_desc_test_any_mask(const struct vm_area_desc *desc, vma_flags_t flags);
#define vma_desc_test_any(desc, ...) vma_desc_test_any_mask(desc, mk_vma_flags(__VA_ARGS__))
bool vma_desc_test_all_mask(const struct vm_area_desc *desc, vma_flags_t flags);
#define vma_desc_test_all(desc, ...) vma_desc_test_all_mask(desc, mk_vma_flags(__VA_ARGS__))
void vma_desc_set_flags_mask(struct vm_area_desc *desc, vma_flags_t flags);
#define vma_desc_set_flags(desc, ...) vma_desc_set_flags_mask(desc, mk_vma_flags(__VA_ARGS__))
void vma_desc_clear_flags_mask(struct vm_area_desc *desc, vma_flags_t flags);
#define vma_desc_clear_flags(desc, ...) vma_desc_clear_flags_mask(desc, mk_vma_flags(__VA_ARGS__))

bool vma_test(const struct vm_area_struct *vma, vma_flag_t bit);
bool vma_test_any_mask(const struct vm_area_struct *vma, vma_flags_t flags);
#define vma_test_any(vma, ...) vma_test_any_mask(vma, mk_vma_flags(__VA_ARGS__))
bool vma_test_all_mask(const struct vm_area_struct *vma, vma_flags_t flags);
#define vma_test_all(vma, ...) vma_test_all_mask(vma, mk_vma_flags(__VA_ARGS__))
void vma_set_flags_mask(struct vm_area_struct *vma, vma_flags_t flags);
#define vma_set_flags(vma, ...) vma_set_flags_mask(vma, mk_vma_flags(__VA_ARGS__))
void vma_clear_flags_mask(struct vm_area_struct *vma, vma_flags_t flags);
#define vma_clear_flags(vma, ...) vma_clear_flags_mask(vma, mk_vma_flags(__VA_ARGS__))

bool vma_test_atomic_flag(struct vm_area_struct *vma, vma_flag_t bit);
void vma_set_atomic_flag(struct vm_area_struct *vma, vma_flag_t bit);
