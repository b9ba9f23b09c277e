void f(void)
{
	{
		a();
		b();
		a();
	}
}

void g(void)
{
	{
		a();
		b();
	}
}
