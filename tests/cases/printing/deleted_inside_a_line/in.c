void f(void)
{
	a(); gone();
	x();
	gone(); b();
	c(); gone(); d();
}
