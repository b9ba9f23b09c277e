static inline int *has_it(int x)
{
	work();
	replaced(x);
	return 0;
}

void other_too(int x)
{
	target(x);
	other();
}

void other_before(int x)
{
	x = other + 1;
	target(x);
}
