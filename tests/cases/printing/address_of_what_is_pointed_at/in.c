void f(int *p, int **q, struct s *t, int v)
{
	set(*p, 1);
	set((*q), 1);
	set(*t->p, 1);
	set(*(p + 1), 1);
	set(v, 1);
}
