void f(void)
{
	int *p = alloc_one(), *q;

	q = alloc_one();
	p = q = alloc_one();
	if ((p = alloc_one()) == 0)
		p += alloc(1);
}
