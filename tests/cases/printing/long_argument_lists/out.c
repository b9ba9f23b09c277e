void g(void)
{
	replacement(first_argument, second(argument, of_two, parts),
		    third_argument, four);
	replacement(first_argument, second_argument);
}
