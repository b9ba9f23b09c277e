struct s { int refs; struct s *next; };

int f(struct s *p, struct s q, struct s *a)
{
	p->count = q.refs + p->next->count;
	(p + 1)->count++;
	a[3].refs = a[p->refs].next->count;
	return p->count + f(p, q, a)->count;
}
