void f(void)
{
	struct foo a = zeroed(struct foo);
	int b = zeroed(int);
	int c = zeroed(long);
}
