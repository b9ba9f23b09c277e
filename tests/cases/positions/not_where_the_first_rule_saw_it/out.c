int h(int x)
{
	int y = checked(f(x)) + g(x);

	return g(x) + checked(f(y));
}
