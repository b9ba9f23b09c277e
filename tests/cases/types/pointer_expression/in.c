int f(char *p, int n, unknown_t u, struct s *q)
{
	return is(p) + is(n) + is(u) + is(q) + is(NULL) + is(&n) + is(*p);
}
