void f(void *p)
{
	struct foo *q = (struct foo *)fetch(p);
}
