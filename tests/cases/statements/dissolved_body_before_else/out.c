void f(int *p, int n)
{
	if (n)
		if (n)
			first(n);
		else
			last(n);
	else
		last(p);
	first(n);
}
