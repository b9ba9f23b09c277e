void f(void)
{
	struct foo a = {};
	int b = {};
	int c = zeroed(long);
}
