void f(void)
{
	b();
	a();
}
