void f(void *p)
{
	if (!p)
		p = vmalloc(1);
	if (!p) {
		g();
		p = kvmalloc(2);
	}
	if (p)
		p = vmalloc(3);
}
