int f(struct s *p, int n)
{
	if (!p || n == 0 || !n)
		return 0;
	do {
		p = p->next;
	} while (p == NULL);
	return 1;
}
