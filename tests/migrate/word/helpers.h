
/* A name for some flags, of which one is a mask. */
#define VM_NO_WEIR	(VM_SPECIAL | VM_HUGETLB)

/* Helpers for flags by themselves, as later trees have them. */
static __always_inline bool vma_flags_test(const vma_flags_t *flags,
					   vma_flag_t bit)
{
	return vma_flags_test_any_mask(flags, mk_vma_flags(bit));
}

#define vma_flags_test_any(flags, ...) \
	vma_flags_test_any_mask(flags, mk_vma_flags(__VA_ARGS__))
#define vma_flags_test_all(flags, ...) \
	vma_flags_test_all_mask(flags, mk_vma_flags(__VA_ARGS__))

static __always_inline bool
vma_flags_test_single_mask(const vma_flags_t *flags, vma_flags_t flag)
{
	return vma_flags_test_any_mask(flags, flag);
}

#define vma_flags_set(flags, ...) \
	vma_flags_set_mask(flags, mk_vma_flags(__VA_ARGS__))
#define vma_flags_clear(flags, ...) \
	vma_flags_clear_mask(flags, mk_vma_flags(__VA_ARGS__))

static __always_inline bool vma_flags_empty(const vma_flags_t *flags)
{
	return !vma_flags_to_legacy(*flags);
}

static __always_inline vma_flags_t vma_flags_and_mask(const vma_flags_t *flags,
						      vma_flags_t mask)
{
	return legacy_to_vma_flags(vma_flags_to_legacy(*flags) &
				   vma_flags_to_legacy(mask));
}

static __always_inline bool vma_flags_same_mask(const vma_flags_t *flags,
						vma_flags_t other)
{
	return vma_flags_same_pair(flags, &other);
}
