void f(struct s *p, int n)
{
	if (find(p) == NULL)
		return;
	if (!find(p))
		return;
	if (NULL == find(p))
		return;
	if (find(p) != NULL)
		return;
	if (find(n) == NULL)
		return;
}
