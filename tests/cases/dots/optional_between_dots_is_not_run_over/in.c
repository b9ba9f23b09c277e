void f(void)
{
	int a;

	a = g();
}

void h(void)
{
	int b;

	b = 0;
	g();
}
