int three(int x)
{
	if (x) {
		pair();
	}
	while (x) {
		as_many_as_the_function();
	}
	return x;
}
