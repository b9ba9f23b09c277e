// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

long keep(long *at);

long read_size(long a, long b)
{
	long val = a;

	if (b < 0)
		return 0;
	return keep(&val);
}
