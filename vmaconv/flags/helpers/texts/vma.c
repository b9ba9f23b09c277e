/* The first word of a set of flags: tests of others would need more flags. */
static unsigned long flags_word(vma_flags_t flags)
{
	return flags.__vma_flags[0];
}

static vma_flags_t flags_from_word(unsigned long word)
{
	vma_flags_t flags = EMPTY_VMA_FLAGS;

	vma_flags_overwrite_word(&flags, word);
	return flags;
}

static bool test_vma_flags_make(void)
{
	const vma_flags_t none = EMPTY_VMA_FLAGS;
	const vma_flags_t several = mk_vma_flags(VMA_READ_BIT, VMA_WRITE_BIT,
						 VMA_MAYREAD_BIT,
						 VMA_MAYWRITE_BIT);
	int nr;

	ASSERT_EQ(flags_word(none), VM_NONE);

	for (nr = 0; nr < BITS_PER_LONG; nr++) {
		const vma_flag_t bit = (__force vma_flag_t)nr;

		ASSERT_EQ(flags_word(mk_vma_flags(bit)), 1UL << nr);
	}

	/* The same as a word, whatever the order and however often. */
	ASSERT_EQ(flags_word(several),
		  VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE);
	ASSERT_EQ(flags_word(mk_vma_flags(VMA_EXEC_BIT, VMA_READ_BIT,
					  VMA_EXEC_BIT)), VM_READ | VM_EXEC);

	/* A flag that there is no room for is left out, the others are not. */
	for (nr = NUM_VMA_FLAG_BITS; nr < NUM_VMA_FLAG_BITS + 100; nr++) {
		const vma_flag_t bit = (__force vma_flag_t)nr;
		const vma_flags_t flags = mk_vma_flags(VMA_READ_BIT, bit,
						       VMA_EXEC_BIT);

		ASSERT_EQ(flags_word(flags), VM_READ | VM_EXEC);
	}

	return true;
}

static bool test_vma_flags_test(void)
{
	int nr;

	for (nr = 0; nr < BITS_PER_LONG; nr++) {
		const vma_flag_t bit = (__force vma_flag_t)nr;
		const vma_flags_t one = flags_from_word(1UL << nr);
		const vma_flags_t others = flags_from_word(~(1UL << nr));

		ASSERT_TRUE(vma_flags_test(&one, bit));
		ASSERT_TRUE(vma_flags_test_all(&one, bit));
		ASSERT_TRUE(vma_flags_test_mask(&one, one));
		ASSERT_TRUE(vma_flags_test_all_mask(&one, one));

		ASSERT_FALSE(vma_flags_test(&others, bit));
		ASSERT_FALSE(vma_flags_test_all(&others, bit));
		ASSERT_FALSE(vma_flags_test_mask(&others, one));
		ASSERT_FALSE(vma_flags_test_all_mask(&others, one));
	}

	return true;
}

/* Each subset of three flags against each other, by sets and by words. */
static bool test_vma_flags_any_all(void)
{
	const unsigned long words[] = { VM_READ, VM_SHARED, VM_DONTDUMP };
	unsigned long have, want;

	for (have = 0; have < 8; have++) {
		unsigned long word = VM_IO;
		vma_flags_t flags;
		int i;

		for (i = 0; i < 3; i++)
			word |= have & (1UL << i) ? words[i] : 0;
		flags = flags_from_word(word);

		for (want = 0; want < 8; want++) {
			unsigned long mask = 0;
			vma_flags_t set;

			for (i = 0; i < 3; i++)
				mask |= want & (1UL << i) ? words[i] : 0;
			set = flags_from_word(mask);

			ASSERT_EQ(vma_flags_test_mask(&flags, set),
				  (word & mask) != 0);
			ASSERT_EQ(vma_flags_test_all_mask(&flags, set),
				  (word & mask) == mask);
		}

		ASSERT_EQ(vma_flags_test(&flags, VMA_READ_BIT, VMA_DONTDUMP_BIT),
			  (word & (VM_READ | VM_DONTDUMP)) != 0);
		ASSERT_EQ(vma_flags_test_all(&flags, VMA_READ_BIT, VMA_DONTDUMP_BIT),
			  (word & (VM_READ | VM_DONTDUMP)) == (VM_READ | VM_DONTDUMP));
	}

	return true;
}

static bool test_vma_flags_set_clear(void)
{
	const unsigned long both = VM_PFNMAP | VM_DONTEXPAND;
	int nr;

	for (nr = 0; nr < BITS_PER_LONG; nr++) {
		const vma_flag_t bit = (__force vma_flag_t)nr;
		const unsigned long word = 1UL << nr;
		vma_flags_t none = EMPTY_VMA_FLAGS;
		vma_flags_t all = flags_from_word(~0UL);

		vma_flags_set(&none, bit);
		ASSERT_EQ(flags_word(none), word);
		vma_flags_set(&none, VMA_PFNMAP_BIT, VMA_DONTEXPAND_BIT);
		ASSERT_EQ(flags_word(none), word | both);
		vma_flags_clear_mask(&none, flags_from_word(both));
		ASSERT_EQ(flags_word(none), word & ~both);

		vma_flags_clear(&all, bit);
		ASSERT_EQ(flags_word(all), ~word);
		vma_flags_clear(&all, VMA_PFNMAP_BIT, VMA_DONTEXPAND_BIT);
		ASSERT_EQ(flags_word(all), ~word & ~both);
		vma_flags_set_mask(&all, flags_from_word(both));
		ASSERT_EQ(flags_word(all), ~word | both);
	}

	return true;
}

static bool test_vma_flags_vma_set(void)
{
	struct vm_area_struct vma = {};

	vma_set_flags(&vma, VMA_READ_BIT, VMA_SHARED_BIT);
	ASSERT_EQ(vma.vm_flags, VM_READ | VM_SHARED);
	vma_set_flags_mask(&vma, mk_vma_flags(VMA_IO_BIT));
	ASSERT_EQ(vma.vm_flags, VM_READ | VM_SHARED | VM_IO);

	return true;
}

static bool test_vma_flags_vma_all(void)
{
	const struct vm_area_struct vma = {
		.vm_flags = VM_READ | VM_SHARED | VM_IO,
	};
	const struct vm_area_struct *seen = &vma;

	ASSERT_TRUE(vma_test_all_flags(seen, VMA_READ_BIT, VMA_IO_BIT));
	ASSERT_FALSE(vma_test_all_flags(seen, VMA_READ_BIT, VMA_WRITE_BIT));
	ASSERT_TRUE(vma_test_all_flags_mask(seen, EMPTY_VMA_FLAGS));

	return true;
}

static bool test_vma_flags_desc(void)
{
	const vma_flags_t mask = mk_vma_flags(VMA_SHARED_BIT, VMA_MAYWRITE_BIT);
	struct vm_area_desc desc = {
		.vma_flags = mk_vma_flags(VMA_READ_BIT, VMA_MAYWRITE_BIT),
	};
	const struct vm_area_desc *seen = &desc;

	ASSERT_TRUE(vma_desc_test_flags(seen, VMA_READ_BIT));
	ASSERT_TRUE(vma_desc_test_flags(seen, VMA_EXEC_BIT, VMA_READ_BIT));
	ASSERT_FALSE(vma_desc_test_flags(seen, VMA_EXEC_BIT, VMA_SHARED_BIT));
	ASSERT_TRUE(vma_desc_test_flags_mask(seen, mask));
	ASSERT_FALSE(vma_flags_test_all_mask(&seen->vma_flags, mask));

	vma_desc_set_flags(&desc, VMA_EXEC_BIT);
	vma_desc_set_flags_mask(&desc, mask);
	ASSERT_TRUE(vma_flags_test_all_mask(&seen->vma_flags, mask));
	ASSERT_EQ(flags_word(desc.vma_flags),
		  VM_READ | VM_EXEC | VM_SHARED | VM_MAYWRITE);

	vma_desc_clear_flags_mask(&desc, mask);
	ASSERT_EQ(flags_word(desc.vma_flags), VM_READ | VM_EXEC);
	vma_desc_clear_flags(&desc, VMA_READ_BIT, VMA_WRITE_BIT);
	ASSERT_EQ(flags_word(desc.vma_flags), VM_EXEC);

	return true;
}

