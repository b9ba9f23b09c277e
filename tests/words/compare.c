/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs each function of a table before and after the conversion on the same mappings, and compares
 * what it returns and what it leaves behind. Freestanding, so that it runs with 32-bit words, too.
 */
#include <linux/mm.h>

typedef int (*function)(struct vm_area_struct *vma);

struct pair {
	function before, after;
};

#define PAIR(name)	int before_ ## name(struct vm_area_struct *vma); \
			int after_ ## name(struct vm_area_struct *vma);
#include "pairs.h"
#undef PAIR

static const struct pair pairs[] = {
#define PAIR(name)	{ before_ ## name, after_ ## name },
#include "pairs.h"
};

void *memcpy(void *to, const void *from, unsigned long size)
{
	for (unsigned long i = 0; i < size; i++)
		((char *)to)[i] = ((const char *)from)[i];
	return to;
}

void *memset(void *to, int value, unsigned long size)
{
	for (unsigned long i = 0; i < size; i++)
		((volatile char *)to)[i] = value;
	return to;
}

static unsigned long seed = 1;

static unsigned long word(int round)
{
	unsigned long value = 0;

	if (round < BITS_PER_LONG)
		return 1UL << round;
	for (int i = 0; i < 4; i++) {
		seed = seed * 1103515245UL + 12345UL;
		value = value << 16 ^ (seed >> 15 & 0xffff);
	}
	/* Few bits set, half of them, or nearly all. */
	return round % 3 ? value : round % 2 ? value & value >> 7 & value >> 3 : ~value | value << 5;
}

static int same(const struct vm_area_struct *one, const struct vm_area_struct *other)
{
	return one->vm_flags == other->vm_flags && one->vm_lock_seq == other->vm_lock_seq &&
	       one->vm_page_prot.pgprot == other->vm_page_prot.pgprot;
}

/* Returns the number of the first pair that differs, from 1, or 0. */
static int run(void)
{
	for (unsigned long i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		for (int round = 0; round < 4096; round++) {
			struct vm_area_struct one = { }, other = { };

			one.flags = other.flags = legacy_to_vma_flags(word(round));
			one.vm_lock_seq = other.vm_lock_seq = 7;
			if (pairs[i].before(&one) != pairs[i].after(&other) || !same(&one, &other))
				return i + 1;
		}
	}
	return 0;
}

void _start(void)
{
	int code = run();

#ifdef __x86_64__
	/* The stack is where a function that was called would not have it. */
	__asm__ volatile("syscall" : : "a"(60), "D"(code));
#else
	__asm__ volatile("int $0x80" : : "a"(1), "b"(code));
#endif
	for (;;)
		;
}
