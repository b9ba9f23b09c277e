int k(int x)
{
	return h(x) + h(x) + g(x, 1);
}
