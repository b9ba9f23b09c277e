int h(int x)
{
	return keep(f(x)) + f(x) + f(keep(x));
}
