void g(struct s *p, int i)
{
	root(p->a[i]);
	part(p);
	part(p->a);
	part(i);
	leaf(p->b);
	part(p->a[i]);
}
