void f(struct s *p)
{
	outer(p->something, inner(p->first_member, p->second_member), p->last);
}
