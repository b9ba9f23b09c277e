int f(int a, int b, struct s *p)
{
	a = max(a, a);
	a = max(a, b);
	a = max(a + 1, a+1);
	a = max(p->x, p /* same */ -> x);
	a = max((a), a);
	return max(1, 0x1);
}
