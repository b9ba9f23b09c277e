void f(struct foo *p, int n)
{
	clear_type(p, struct foo);
	clear_type(&n, int);
	clear(p, sizeof(*p));
	clear(p, sizeof n);
}
