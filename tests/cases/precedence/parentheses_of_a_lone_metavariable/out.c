int f(int *p, struct s *q, int n)
{
	(*p)++;
	(*p)++;
	(*p)++;
	n = (q + 1)->n + (n, 2);
	for (n = 0; n < 3; (n++, p++))
		f((n, 1), p, n = 2);
	return (n) * 2;
}
