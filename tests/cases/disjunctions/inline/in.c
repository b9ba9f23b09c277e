void *f(int n)
{
	void *p = kmalloc(n);

	return n ? kzalloc(n) : vmalloc(n);
}
