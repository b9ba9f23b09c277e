#define SLOW_CLOCK osc_clock
#define FAST_CLOCK pll_clock()
#define DIVIDER 32
#define CLOCK_WORD int
#define NO_CLOCK
