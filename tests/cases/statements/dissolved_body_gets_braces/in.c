void f(int *p, int n)
{
	if (n)
		begin();
	else if (p == 0) {
		first(n);
		last(n);
	}
	while (n--)
		if (p == 0) {
			first(n);
			last(n);
		}
	if (n)
		for (;;)
			if (p == 0) {
				/* why */
				first(n);

				last(n); /* done */
			}
	do
		if (p == 0) {
			first(n);
			last(n);
		}
	while (n);
	if (p == 0) {
		first(n);
		last(n);
	}
}
