void f(int *p, int n)
{
	if (n)
		while (p) {
			first(n);
			last(n);
		}
	else
		while (n) {
			first(n);
			last(n);
		}
	if (p)
		begin();
	else while (n) {
		first(n);
		last(n);
	}
}
