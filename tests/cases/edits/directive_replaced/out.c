#define A (1 + 2)
#define B
#define C(x) x
int x;
