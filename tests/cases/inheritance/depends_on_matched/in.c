int k(int x)
{
	marker();
	return f(x);
}
