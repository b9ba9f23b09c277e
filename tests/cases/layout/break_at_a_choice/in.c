int f(struct s *p)
{
	int first = p->is_long ? get(FIRST_OF_THE_FLAGS) : get(SECOND_OF_THE_FLAGS);

	g(p, p->is_long ? get(FIRST_OF_THE_FLAGS) : get(SECOND), p->is_short ? get(THIRD) : 0);
	return p->is_long && p->is_set ? get(FIRST_OF_THE_FLAGS) : get(SECOND);
}
