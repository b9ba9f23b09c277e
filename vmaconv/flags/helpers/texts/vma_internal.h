
/* How much of a loop is unrolled is of no matter here. */
#define unrolled_full

static inline void bitmap_or(unsigned long *dst, const unsigned long *src1,
			     const unsigned long *src2, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = src1[i] | src2[i];
}

/* A mask of those bits of a bitmap's word that it uses. */
static inline unsigned long bitmap_used(unsigned int word, unsigned int nbits)
{
	const unsigned int used = nbits - word * BITS_PER_LONG;

	return used < BITS_PER_LONG ? BIT(used) - 1 : ~0UL;
}

static inline bool bitmap_andnot(unsigned long *dst, const unsigned long *src1,
				 const unsigned long *src2, unsigned int nbits)
{
	unsigned long any = 0;
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		any |= dst[i] = src1[i] & ~src2[i] & bitmap_used(i, nbits);

	return any;
}

static inline bool bitmap_intersects(const unsigned long *src1,
				     const unsigned long *src2,
				     unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		if (src1[i] & src2[i] & bitmap_used(i, nbits))
			return true;

	return false;
}

static inline bool bitmap_subset(const unsigned long *src1,
				 const unsigned long *src2, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		if (src1[i] & ~src2[i] & bitmap_used(i, nbits))
			return false;

	return true;
}
