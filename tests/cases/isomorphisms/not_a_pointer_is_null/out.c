int f(struct s *p, int n)
{
	if (none(p) || n == 0 || !n)
		return 0;
	do {
		p = p->next;
	} while (none(p));
	return 1;
}
