void f(struct s *p)
{
	set(p, FIRST_OF_THE_FLAGS, SECOND_OF_THE_FLAGS, THIRD);
	if (p) {
		set(p, FIRST_OF_THE_FLAGS, SECOND_OF_THE_FLAGS, THIRD_OF_THE_FLAGS);
		set(p, FIRST, SECOND);
	}
}
