int h(int x)
{
	return keep(f(x)) + g(x) + g(keep(x));
}
