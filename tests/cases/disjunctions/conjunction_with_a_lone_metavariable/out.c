void *f(int n)
{
	void *p = fresh(n);

	if (p) fresh(p);
	a(p), fresh(n + 1);
	return wrap(fresh(n));
}
