void f(struct s *p)
{
	set_all_of_these(p, FIRST_OF_THE_FLAGS, SECOND_OF_THE_FLAGS, THIRD);
	if (p) {
		set_all_of_these(p, FIRST_OF_THE_FLAGS, SECOND_OF_THE_FLAGS,
				 THIRD_OF_THE_FLAGS);
		set_all_of_these(p, FIRST, SECOND);
	}
}
