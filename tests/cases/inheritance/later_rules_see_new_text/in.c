int k(int x)
{
	return f(x) + g(x, 0) + g(x, 1);
}
