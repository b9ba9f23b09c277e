#define OUTSIDE h(1)

void f(void)
{
#define INSIDE h(2)
	h(3);
#undef INSIDE
}
