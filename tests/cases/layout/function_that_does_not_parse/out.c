int f(int n)
{
	return renewed(n);
}

int g(int n)
{
	if (n && (
		n = old(n);
	return n;
}

int h(int n)
{
	return renewed(n);
}
