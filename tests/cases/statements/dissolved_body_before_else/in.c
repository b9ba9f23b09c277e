void f(int *p, int n)
{
	if (n)
		while (p)
			if (n)
				first(n);
			else
				last(n);
	else
		last(p);
	while (p)
		first(n);
}
