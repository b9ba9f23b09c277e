void f(int *p, int n)
{
	if (n) {
		first(n);
		last(n);
	}
	if (n)
		begin();
	else {
		first(n);
		last(n);
	}
	while (n)
		first(n);
}
