int f(int n)
{
        open();

	use();
	return n;
}

int g(int n)
{
        open();
	use();
	return n;
}

int h(int n)
{
    open();
	/* a comment between */
	use();
	return n;
}
