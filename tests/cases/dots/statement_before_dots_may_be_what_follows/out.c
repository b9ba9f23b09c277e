void f(void)
{
	{
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
