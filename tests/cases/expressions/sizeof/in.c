void f(struct foo *p, int n)
{
	clear(p, sizeof(struct foo));
	clear(&n, sizeof(int));
	clear(p, sizeof(*p));
	clear(p, sizeof n);
}
