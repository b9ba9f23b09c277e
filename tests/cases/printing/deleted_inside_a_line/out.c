void f(void)
{
	a();
	x();
	b();
	c(); d();
}
