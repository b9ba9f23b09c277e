void f(struct s *p, int n)
{
	if (!have(p))
		return;
	if (!have(p))
		return;
	if (!have(p))
		return;
	if (find(p) != NULL)
		return;
	if (find(n) == NULL)
		return;
}
