#include <linux/kernel.h>
#include <asm/new.h>

int limit = LIMIT;

#include <asm/new.h>

int get(void)
{
	return limit;
}
