void *f(int n)
{
	void *p = old(n, 1);

	if (p) old(p);
	a(p), old(n + 1, 2);
	return wrap(old(n));
}
