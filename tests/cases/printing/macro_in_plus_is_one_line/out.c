#define ONE(x,flags) (x | flags)
#define TWO(x,flags) do { x | flags; log(x); } while (0)
#define THREE(x) \
	log(x);      \
	flush(x)
#define FOUR x;

int f(void);
