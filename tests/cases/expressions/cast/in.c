void f(void *p)
{
	int a = (int)fetch(p);
	unsigned long b = (unsigned long) fetch(p + 1);

	a = (long)(int)fetch(p);
}
