#include <linux/mm.h>

int b_check(unsigned long flags, int n);
