
bool __bitmap_andnot(unsigned long *dst, const unsigned long *bitmap1,
		     const unsigned long *bitmap2, unsigned int bits)
{
	const unsigned int words = BITS_TO_LONGS(bits);
	bool any = false;
	unsigned int i;

	for (i = 0; i < words; i++) {
		dst[i] = bitmap1[i] & ~bitmap2[i];
		if (i == words - 1)
			dst[i] &= BITMAP_LAST_WORD_MASK(bits);
		any |= dst[i] != 0;
	}

	return any;
}

bool __bitmap_subset(const unsigned long *bitmap1,
		     const unsigned long *bitmap2, unsigned int bits)
{
	const unsigned int words = BITS_TO_LONGS(bits);
	unsigned int i;

	for (i = 0; i < words; i++) {
		unsigned long extra = bitmap1[i] & ~bitmap2[i];

		if (i == words - 1)
			extra &= BITMAP_LAST_WORD_MASK(bits);
		if (extra)
			return false;
	}

	return true;
}
