void g(struct s *p)
{
	f( p );
	f(p->a_member_with_a_long_name, p->another_member_with_a_long_name, 3, 4, 5);
	f(p->a_member_with_a_long_name + p->another_member_with_a_long_name + p->another);
}
