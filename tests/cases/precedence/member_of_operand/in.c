int f(struct s *p, struct s **q)
{
	return size_of(p) + size_of(*q) + size_of(p + 1) + size_of(q[0]) +
	       size_of(&p[1]) + size_of((struct s *)q);
}
