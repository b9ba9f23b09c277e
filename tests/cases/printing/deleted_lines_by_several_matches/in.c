void f(void)
{
	a();

	gone();
	gone();

	gone();

	b();
}

void g(void)
{
	gone();
	gone();
}
