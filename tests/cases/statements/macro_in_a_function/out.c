#define OUTSIDE k(1)

void f(void)
{
#define INSIDE h(2)
	k(3);
#undef INSIDE
}
