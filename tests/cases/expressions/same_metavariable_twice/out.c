int f(int a, int b, struct s *p)
{
	a = a;
	a = max(a, b);
	a = a + 1;
	a = max(p->x, p /* same */ -> x);
	a = max((a), a);
	return max(1, 0x1);
}
