int h(int x)
{
	int y = checked(g(x)) + f(x);

	return f(x) + checked(g(y));
}
