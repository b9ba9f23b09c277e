void f(void)
{
	a();

	b();

	c();
}

void g(void) { }
