int k(int x)
{
	marker();
	return g(x);
}
