int f(struct s *p)
{
	int first = p->is_long ? get_one_of_all_these(FIRST_OF_THE_FLAGS) :
		    get_one_of_all_these(SECOND_OF_THE_FLAGS);

	g(p,
	  p->is_long ? get_one_of_all_these(FIRST_OF_THE_FLAGS) :
	  get_one_of_all_these(SECOND),
	  p->is_short ? get_one_of_all_these(THIRD) : 0);
	return p->is_long && p->is_set ?
	       get_one_of_all_these(FIRST_OF_THE_FLAGS) :
	       get_one_of_all_these(SECOND);
}
