#include <linux/new.h>

int h(int x)
{
	return f(x);
}
