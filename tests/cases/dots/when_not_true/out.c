void in_the_branch(int e)
{
	check(e);
	if (is_bad(e))
		use(e);
}

void after_it(int e)
{
	test(e);
	if (is_bad(e))
		return;
	use(e);
}

void unrelated(int e, int f)
{
	test(e);
	if (is_bad(f))
		work();
	use(e);
}
