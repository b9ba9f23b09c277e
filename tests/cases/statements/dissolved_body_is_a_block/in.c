void f(int *p, int n)
{
	if (n)
		if (debug) {
			first(n);
			last(n);
		}
	if (n)
		begin();
	else if (debug) {
		first(n);
		last(n);
	}
	while (n)
		if (debug)
			first(n);
}
