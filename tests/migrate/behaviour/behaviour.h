/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the drivers in this directory share. Each includes one or more files of
 * the fixture tree whole, static functions and all, calls them with every
 * subset of some flags and prints what came of it. The test runs a driver with
 * the tree before and after the migration and compares what is printed.
 */
#include <linux/fs.h>
#include <linux/mm.h>

int printf(const char *format, ...);

#define FLAGS_TO_TRY(...) \
	static const unsigned long tried[] = { __VA_ARGS__ }
#define NR_TRIED	(sizeof(tried) / sizeof(*tried))
#define EACH_WORD(word) \
	for (unsigned long i_ = 0, word; i_ < 1UL << NR_TRIED && \
	     (word = subset_of(tried, i_), 1); i_++)

static unsigned long subset_of(const unsigned long *flags, unsigned long which)
{
	unsigned long word = 0;

	for (int i = 0; which >> i; i++)
		if (which >> i & 1)
			word |= flags[i];
	return word;
}

/* The word of a descriptor, whatever the tree calls it by now. */
static unsigned long desc_word(const struct vm_area_desc *desc)
{
	unsigned long word;

	__builtin_memcpy(&word, &desc->vma_flags, sizeof(word));
	return word;
}

static void set_desc_word(struct vm_area_desc *desc, unsigned long word)
{
	__builtin_memcpy(&desc->vma_flags, &word, sizeof(word));
}

static struct vm_area_struct vma_with(unsigned long word)
{
	struct vm_area_struct vma = { };

	__builtin_memcpy(&vma.flags, &word, sizeof(word));
	return vma;
}

static int nr_printk;

int printk(const char *format, ...)
{
	nr_printk++;
	return 0;
}

void warn_here(const char *file, int line)
{
	printf("warned\n");
}

static inline void prepare_desc(struct vm_area_desc *desc, struct file *file,
				unsigned long word)
{
	*desc = (struct vm_area_desc){ .file = file, .start = 0x2000,
				       .end = 0x6000, .pgoff = 3 };
	set_desc_word(desc, word);
}

static inline void print_desc(const char *what, unsigned long word, long result,
			      const struct vm_area_desc *desc)
{
	printf("%s %lx: %ld %lx %lx %d %d\n", what, word, result, desc_word(desc),
	       desc->pgoff, desc->vm_file != NULL, desc->private_data != NULL);
}
