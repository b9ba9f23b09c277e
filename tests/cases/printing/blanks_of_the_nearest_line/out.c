int f(int n)
{
        open();
        check();

	use();
	return n;
}

int g(int n)
{
        open();
	check();
	use();
	return n;
}

int h(int n)
{
    open();
    check();
	/* a comment between */
	use();
	return n;
}
