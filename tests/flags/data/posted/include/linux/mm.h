/* SPDX-License-Identifier: GPL-2.0 */
#define mk_vma_flags(...) __mk_vma_flags(COUNT_ARGS(__VA_ARGS__), \
		(const vma_flag_t []){ __VA_ARGS__ })

/* vma_flags_test_mask(const vma_flags_t *flags, m) is how it looks later. */
static __always_inline bool vma_flags_test_mask(vma_flags_t flags,
		vma_flags_t to_test)
{
	return bitmap_intersects(flags.__vma_flags, to_test.__vma_flags, 64);
}
#define vma_flags_test(flags, ...) \
	vma_flags_test_mask(flags, mk_vma_flags(__VA_ARGS__))

static __always_inline bool vma_flags_test_all_mask(vma_flags_t flags,
		vma_flags_t to_test)
{
	return bitmap_subset(to_test.__vma_flags, flags.__vma_flags, 64);
}

static __always_inline void vma_flags_set_mask(vma_flags_t *flags, vma_flags_t to_set)
{
	bitmap_or(flags->__vma_flags, flags->__vma_flags, to_set.__vma_flags, 64);
}
#define vma_flags_set(flags, ...) \
	vma_flags_set_mask(flags, mk_vma_flags(__VA_ARGS__))

static __always_inline void vma_flags_clear_mask(vma_flags_t *flags, vma_flags_t to_clear)
{
	bitmap_andnot(flags->__vma_flags, flags->__vma_flags, to_clear.__vma_flags, 64);
}
#define vma_flags_clear(flags, ...) \
	vma_flags_clear_mask(flags, mk_vma_flags(__VA_ARGS__))

static inline bool vma_desc_test_flags_mask(struct vm_area_desc *desc, vma_flags_t flags)
{
	return vma_flags_test_mask(desc->vma_flags, flags);
}
#define vma_desc_test_flags(desc, ...) \
	vma_desc_test_flags_mask(desc, mk_vma_flags(__VA_ARGS__))
#define vma_desc_set_flags_mask(desc, m)   vma_flags_set_mask(&(desc)->vma_flags, m)
#define vma_desc_set_flags(desc, ...)   vma_desc_set_flags_mask(desc, mk_vma_flags(__VA_ARGS__))
#define vma_desc_clear_flags_mask(desc, m) vma_flags_clear_mask(&(desc)->vma_flags, m)
#define vma_desc_clear_flags(desc, ...) vma_desc_clear_flags_mask(desc, mk_vma_flags(__VA_ARGS__))
#define vma_set_flags_mask(vma, m)	vma_flags_set_mask(&(vma)->flags, m)
#define vma_set_flags(vma, ...)		vma_set_flags_mask(vma, mk_vma_flags(__VA_ARGS__))

bool vma_test_atomic_flag(struct vm_area_struct *vma, vma_flag_t bit);
void vma_set_atomic_flag(struct vm_area_struct *vma, vma_flag_t bit);
