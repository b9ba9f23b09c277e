int k(int x)
{
	return h(g(x)) + f(x) + h(g());
}
