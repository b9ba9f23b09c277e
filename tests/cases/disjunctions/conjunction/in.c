int k(int x)
{
	return f(g(x)) + f(x) + f(g());
}
