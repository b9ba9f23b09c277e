#include <linux/mm.h>

int b_check(vma_flags_t flags, int n);
