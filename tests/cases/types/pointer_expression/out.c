int f(char *p, int n, unknown_t u, struct s *q)
{
	return is_pointer(p) + is(n) + is(u) + is_pointer(q) +
	       is_pointer(NULL) + is_pointer(&n) + is(*p);
}
