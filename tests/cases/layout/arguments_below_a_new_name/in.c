int f(int n, int m)
{
	n = old_name_of_it(n +
			   m, m);
	old_name_of_it(n,
		       inner(m,
			     n));
	send(n, m,
	     an_argument_that_is_long_enough, another_argument_that_is_long);
	send(n,
	     m);
	if (n == first_of_two_conditions &&
	    m)
		note();
	return 0;
}
