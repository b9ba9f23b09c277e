void g(void)
{
	old(first_argument, second(argument, of_two, parts), third_argument, four);
	old(first_argument, second_argument);
}
