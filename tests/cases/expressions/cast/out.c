void f(void *p)
{
	int a = fetch(p);
	unsigned long b = fetch(p + 1);

	a = (long)fetch(p);
}
