void f(struct s *p)
{
	struct thing *thing = make_the_whole_thing(p->first, p->second,
						   p->third, p->fourth);

	p->member_with_a_long_name = make_the_whole_thing(p->first_member,
							  p->second_member);
}
