void f(int n)
{
	if (ready(n))
		g(n,
		  n);
	else
		h(n);
	if (ready(n)) {
		g(n, n);
	} else
		h(n);	/* tail */
}
