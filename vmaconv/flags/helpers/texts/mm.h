
/*
 * VMA flags as sets: a vma_flags_t is a set of flags, a VMA_xxx_BIT is one of
 * them. Each operation comes in two forms. One lists the flags, the other, its
 * name ending in _mask, is handed a set:
 *
 *	vma_flags_set(&flags, VMA_IO_BIT, VMA_PFNMAP_BIT);
 *	vma_flags_set_mask(&flags, VMA_REMAP_FLAGS);
 *
 * A list of constants is a constant set, so that a test for it compiles to what
 * a test of a word for VM_xxx | VM_yyy does.
 *
 * The VMA_xxx_BIT numbers are the same for all configurations, but the bitmap
 * may have no room for the higher ones: see 32-bit kernels. A flag that does
 * not fit is in no set, nor can it be added to one. This is how VM_xxx masks
 * behave that are VM_NONE where their flag does not exist.
 *
 * None of this is atomic, and none of it takes or checks a lock.
 */

static __always_inline void __vma_flags_add(vma_flags_t *flags, vma_flag_t bit)
{
	unsigned long *bitmap = ACCESS_PRIVATE(flags, __vma_flags);
	const unsigned int nr = (__force unsigned int)bit;

	/*
	 * Not __set_bit(): an architecture may have it in assembly, which the
	 * compiler can't fold.
	 */
	if (nr < NUM_VMA_FLAG_BITS)
		bitmap[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static __always_inline vma_flags_t __mk_vma_flags(const vma_flag_t *bits,
						  size_t count)
{
	vma_flags_t flags = EMPTY_VMA_FLAGS;
	size_t i;

	/* Left to itself, GCC keeps the loop from three flags on. */
	unrolled_full
	for (i = 0; i < count; i++)
		__vma_flags_add(&flags, bits[i]);

	return flags;
}

/**
 * mk_vma_flags - make a set of VMA flags
 * @...: The flags, VMA_xxx_BIT each
 *
 * The order of the flags is of no matter, nor is naming one twice.
 *
 * Return: the &typedef vma_flags_t that holds these flags and no other.
 */
#define mk_vma_flags(...)						\
	__mk_vma_flags((const vma_flag_t []){ __VA_ARGS__ },		\
		       sizeof((const vma_flag_t []){ __VA_ARGS__ }) /	\
		       sizeof(vma_flag_t))

/**
 * vma_flags_test_mask - is any flag of one set in another?
 * @flags: The set to look into
 * @to_test: The flags to look for
 *
 * Return: true if the sets have a flag in common; never for an empty set.
 */
static __always_inline bool vma_flags_test_mask(const vma_flags_t *flags,
						vma_flags_t to_test)
{
	return bitmap_intersects(ACCESS_PRIVATE(flags, __vma_flags),
				 ACCESS_PRIVATE(&to_test, __vma_flags),
				 NUM_VMA_FLAG_BITS);
}

/**
 * vma_flags_test - is any of these flags in a set?
 * @flags: Pointer to the &typedef vma_flags_t to look into
 * @...: The flags to look for, VMA_xxx_BIT each
 *
 * Return: true if at least one of them is.
 */
#define vma_flags_test(flags, ...) \
	vma_flags_test_mask(flags, mk_vma_flags(__VA_ARGS__))

/**
 * vma_flags_test_all_mask - are all flags of one set in another?
 * @flags: The set to look into
 * @to_test: The flags to look for
 *
 * Return: true if @flags lacks none of @to_test; always if that is empty.
 */
static __always_inline bool vma_flags_test_all_mask(const vma_flags_t *flags,
						    vma_flags_t to_test)
{
	return bitmap_subset(ACCESS_PRIVATE(&to_test, __vma_flags),
			     ACCESS_PRIVATE(flags, __vma_flags),
			     NUM_VMA_FLAG_BITS);
}

/**
 * vma_flags_test_all - are all of these flags in a set?
 * @flags: Pointer to the &typedef vma_flags_t to look into
 * @...: The flags to look for, VMA_xxx_BIT each
 *
 * Return: true if each of them is.
 */
#define vma_flags_test_all(flags, ...) \
	vma_flags_test_all_mask(flags, mk_vma_flags(__VA_ARGS__))

/**
 * vma_flags_set_mask - add the flags of one set to another
 * @flags: The set to add to
 * @to_set: The flags to add
 */
static __always_inline void vma_flags_set_mask(vma_flags_t *flags,
					       vma_flags_t to_set)
{
	unsigned long *bitmap = ACCESS_PRIVATE(flags, __vma_flags);

	bitmap_or(bitmap, bitmap, ACCESS_PRIVATE(&to_set, __vma_flags),
		  NUM_VMA_FLAG_BITS);
}

/**
 * vma_flags_set - add flags to a set
 * @flags: Pointer to the &typedef vma_flags_t to add to
 * @...: The flags to add, VMA_xxx_BIT each
 */
#define vma_flags_set(flags, ...) \
	vma_flags_set_mask(flags, mk_vma_flags(__VA_ARGS__))

/**
 * vma_flags_clear_mask - remove the flags of one set from another
 * @flags: The set to remove from
 * @to_clear: The flags to remove
 */
static __always_inline void vma_flags_clear_mask(vma_flags_t *flags,
						 vma_flags_t to_clear)
{
	unsigned long *bitmap = ACCESS_PRIVATE(flags, __vma_flags);

	bitmap_andnot(bitmap, bitmap, ACCESS_PRIVATE(&to_clear, __vma_flags),
		      NUM_VMA_FLAG_BITS);
}

/**
 * vma_flags_clear - remove flags from a set
 * @flags: Pointer to the &typedef vma_flags_t to remove from
 * @...: The flags to remove, VMA_xxx_BIT each
 */
#define vma_flags_clear(flags, ...) \
	vma_flags_clear_mask(flags, mk_vma_flags(__VA_ARGS__))

/**
 * vma_test_all_flags_mask - does a VMA have all flags of a set?
 * @vma: The VMA
 * @flags: The flags to look for
 *
 * Return: true if @vma lacks none of them.
 */
static __always_inline bool
vma_test_all_flags_mask(const struct vm_area_struct *vma, vma_flags_t flags)
{
	return vma_flags_test_all_mask(&vma->flags, flags);
}

/**
 * vma_test_all_flags - does a VMA have all of these flags?
 * @vma: The VMA
 * @...: The flags to look for, VMA_xxx_BIT each
 *
 * Return: true if @vma lacks none of them.
 */
#define vma_test_all_flags(vma, ...) \
	vma_test_all_flags_mask(vma, mk_vma_flags(__VA_ARGS__))

/**
 * vma_set_flags_mask - add the flags of a set to a VMA's
 * @vma: The VMA
 * @flags: The flags to add
 *
 * Unlike vm_flags_set() this does not write-lock @vma. It is for a VMA that
 * nobody else can see yet, or one that the caller has locked.
 */
static __always_inline void vma_set_flags_mask(struct vm_area_struct *vma,
					       vma_flags_t flags)
{
	vma_flags_set_mask(&vma->flags, flags);
}

/**
 * vma_set_flags - add flags to a VMA's
 * @vma: The VMA
 * @...: The flags to add, VMA_xxx_BIT each
 *
 * As to locking, see vma_set_flags_mask().
 */
#define vma_set_flags(vma, ...) \
	vma_set_flags_mask(vma, mk_vma_flags(__VA_ARGS__))

/**
 * vma_desc_test_flags_mask - will a mapping have any flag of a set?
 * @desc: What describes the mapping that is being made
 * @flags: The flags to look for
 *
 * Return: true if @desc has at least one of them.
 */
static __always_inline bool
vma_desc_test_flags_mask(const struct vm_area_desc *desc, vma_flags_t flags)
{
	return vma_flags_test_mask(&desc->vma_flags, flags);
}

/**
 * vma_desc_test_flags - will a mapping have any of these flags?
 * @desc: What describes the mapping that is being made
 * @...: The flags to look for, VMA_xxx_BIT each
 *
 * To ask for all of them, use vma_flags_test_all() on @desc's vma_flags.
 *
 * Return: true if @desc has at least one of them.
 */
#define vma_desc_test_flags(desc, ...) \
	vma_desc_test_flags_mask(desc, mk_vma_flags(__VA_ARGS__))

/**
 * vma_desc_set_flags_mask - let a mapping have the flags of a set
 * @desc: What describes the mapping that is being made
 * @flags: The flags to add to @desc's
 */
static __always_inline void vma_desc_set_flags_mask(struct vm_area_desc *desc,
						    vma_flags_t flags)
{
	vma_flags_set_mask(&desc->vma_flags, flags);
}

/**
 * vma_desc_set_flags - let a mapping have these flags
 * @desc: What describes the mapping that is being made
 * @...: The flags to add to @desc's, VMA_xxx_BIT each
 */
#define vma_desc_set_flags(desc, ...) \
	vma_desc_set_flags_mask(desc, mk_vma_flags(__VA_ARGS__))

/**
 * vma_desc_clear_flags_mask - let a mapping have no flag of a set
 * @desc: What describes the mapping that is being made
 * @flags: The flags to remove from @desc's
 */
static __always_inline void vma_desc_clear_flags_mask(struct vm_area_desc *desc,
						      vma_flags_t flags)
{
	vma_flags_clear_mask(&desc->vma_flags, flags);
}

/**
 * vma_desc_clear_flags - let a mapping have none of these flags
 * @desc: What describes the mapping that is being made
 * @...: The flags to remove from @desc's, VMA_xxx_BIT each
 */
#define vma_desc_clear_flags(desc, ...) \
	vma_desc_clear_flags_mask(desc, mk_vma_flags(__VA_ARGS__))
