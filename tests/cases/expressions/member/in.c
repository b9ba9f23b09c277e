struct s { int refs; struct s *next; };

int f(struct s *p, struct s q, struct s *a)
{
	p->refs = q.refs + p->next->refs;
	(p + 1)->refs++;
	a[3].refs = a[p->refs].next->refs;
	return (*p).refs + f(p, q, a)->refs;
}
