#ifndef A_H
#define A_H
#include <linux/mm_types.h>

int a_check(vma_flags_t flags, int n);

#endif
