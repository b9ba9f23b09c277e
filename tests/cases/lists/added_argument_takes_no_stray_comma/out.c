void m(void)
{
	f(x);
	f(1, x);
	g(b, 1);
	g(1, b);
}
