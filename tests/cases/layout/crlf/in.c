void f(int n)
{
	old(n);
	if (n)
		old(n);
	g(n);
}
