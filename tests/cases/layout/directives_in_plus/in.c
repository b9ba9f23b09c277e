#include <linux/a.h>
#include <linux/c.h>

#define A 1
#define C
#define E 5
