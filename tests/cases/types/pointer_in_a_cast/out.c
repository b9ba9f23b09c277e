void f(void *p)
{
	struct foo *q = fetch(p);
}
