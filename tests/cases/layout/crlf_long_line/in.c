void f(int n)
{
		set(p, FIRST_OF_THE_FLAGS, SECOND_OF_THE_FLAGS, THIRD_OF_THE_FLAGS);
}
