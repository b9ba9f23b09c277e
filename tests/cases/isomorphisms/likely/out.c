void f(int n)
{
	check(n);
	check(n);
	check(n);
	if (likely(!failed(n)))
		return;
}
