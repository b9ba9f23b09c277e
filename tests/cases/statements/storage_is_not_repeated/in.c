DEFINE_DOOR(one);
static DEFINE_DOOR(two);

static int f(void)
{
	return 1;
}

static inline int g(void)
{
	return 2;
}

inline int h(void)
{
	return 3;
}
