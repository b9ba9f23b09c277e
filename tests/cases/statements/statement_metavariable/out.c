void f(int n)
{
	g(n);
	{
		g(n);
		return;
	}
	if (ENABLED(n))
		g(n);
	else
		return;
}
