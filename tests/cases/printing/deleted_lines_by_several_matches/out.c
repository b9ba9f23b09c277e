void f(void)
{
	a();

	b();
}

void g(void)
{
}
