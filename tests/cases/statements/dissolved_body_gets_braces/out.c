void f(int *p, int n)
{
	if (n)
		begin();
	else {
		first(n);
		last(n);
	}
	while (n--) {
		first(n);
		last(n);
	}
	if (n)
		for (;;) {
			/* why */
			first(n);

			last(n); /* done */
		}
	do {
		first(n);
		last(n);
	} while (n);
	first(n);
	last(n);
}
