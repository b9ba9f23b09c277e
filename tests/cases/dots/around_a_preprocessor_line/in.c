#include <linux/kernel.h>
#include <asm/old.h>

#define LIMIT (12)

int limit = LIMIT;

#include <asm/old.h>

int get(void)
{
	return limit;
}
