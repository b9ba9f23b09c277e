void f(void)
{
	gone();

	a();

	gone();

	b();

	gone();
	c();

	gone();
}

void g(void) { gone(); }
