
/* Speed is of no matter here. */
#define unrolled_full
