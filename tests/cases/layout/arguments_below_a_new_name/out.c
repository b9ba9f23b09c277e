int f(int n, int m)
{
	n = fresh(n +
		  m, m);
	fresh(n, inner(m,
		       n));
	send_with_a_longer_name(m,
				an_argument_that_is_long_enough,
				another_argument_that_is_long);
	send_with_a_longer_name(m);
	if (n == first_of_two_conditions &&
	    m)
		note(n == first_of_two_conditions && m);
	return 0;
}
