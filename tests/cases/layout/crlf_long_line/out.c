void f(int n)
{
		set_all_of_these(p, FIRST_OF_THE_FLAGS, SECOND_OF_THE_FLAGS,
				 THIRD_OF_THE_FLAGS);
}
