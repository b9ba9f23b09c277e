void f(int n)
{
	if (!ready(n))
		h(n);
	else
		g(n,
		  n);
	if (!ready(n))
		h(n);
	else {
		g(n, n);
	}	/* tail */
}
