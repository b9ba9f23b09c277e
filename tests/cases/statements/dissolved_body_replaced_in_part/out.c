void f(int *p, int n)
{
	if (n) {
		only(n);
		last(n);
	} else {
		only(n);
		last(n);
	}
	if (p)
		begin();
	else {
		only(n);
		last(n);
	}
}
