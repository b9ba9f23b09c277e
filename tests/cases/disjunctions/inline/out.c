void *f(int n)
{
	void *p = alloc(n);

	return n ? alloc(n) : vmalloc(n);
}
