void m(void)
{
	f();
	f(1);
	g(a, 1);
	g(1, a);
}
