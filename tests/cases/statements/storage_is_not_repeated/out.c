static DEFINE_GATE(one);
static DEFINE_GATE(two);

static int f(void)
{
	return 1;
}

static inline int g(void)
{
	return 2;
}

inline static int h(void)
{
	return 3;
}
