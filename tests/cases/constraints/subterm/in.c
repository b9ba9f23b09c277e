void g(struct s *p, int i)
{
	root(p->a[i]);
	leaf(p);
	leaf(p->a);
	leaf(i);
	leaf(p->b);
	leaf(p->a[i]);
}
