int f(struct s *p, int x, char *q)
{
	return 0;
}
