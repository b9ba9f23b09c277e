#include <linux/a.h>
#include <linux/b.h>
#include <linux/c.h>

#define A 2
#define B 3
#define C
#define D 4
#define E 5
