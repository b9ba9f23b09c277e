#define OLD(x) x

int f(void);
