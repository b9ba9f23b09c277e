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
		b();
	}
}
