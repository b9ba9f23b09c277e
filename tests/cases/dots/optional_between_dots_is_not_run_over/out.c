void f(void)
{
	int a;

	a = g();
}

void h(void)
{
	g();
}
