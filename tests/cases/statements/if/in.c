void f(struct s *p)
{
	if (p)
		destroy(p);
	if (p->q)
		destroy(p->q);
	else
		g();
	if (p)
		destroy(p->q);
	if (p) {
		destroy(p);
	}
}
