void f(int n)
{
	if (ENABLED(n))
		g(n);
	if (ENABLED(n)) {
		g(n);
		return;
	}
	if (ENABLED(n))
		g(n);
	else
		return;
}
