int f(int n)
{
	return old(n);
}

int g(int n)
{
	if (n && (
		n = old(n);
	return n;
}

int h(int n)
{
	return old(n);
}
