int f(int *p, struct s *q, int n)
{
	same((*p))++;
	same(*p)++;
	either(1, (*p))++;
	n = same((q + 1))->n + either(0, (n, 2));
	for (n = 0; n < 3; same((n++, p++)))
		f(same((n, 1)), p, same(n = 2));
	return same((n)) * 2;
}
