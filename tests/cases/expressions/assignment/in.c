void f(void)
{
	int *p = alloc(1), *q;

	q = alloc(1);
	p = q = alloc(1);
	if ((p = alloc(1)) == 0)
		p += alloc(1);
}
