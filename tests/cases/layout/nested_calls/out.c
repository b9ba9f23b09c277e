void f(struct s *p)
{
	outer(p->something,
	      the_inner_function(p->first_member, p->second_member), p->last);
}
