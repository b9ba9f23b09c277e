void f(void *p)
{
	if (!p)
		p = vmalloc(1);
	if (!p) {
		g();
		p = vmalloc(2);
	}
	if (p)
		p = vmalloc(3);
}
