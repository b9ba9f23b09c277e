void f(struct s *p, struct s **q)
{
	get(*q);
	get((*q++));
	get(p);
}
