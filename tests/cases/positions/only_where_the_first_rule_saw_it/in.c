int h(int x)
{
	int y = checked(f(x)) + f(x);

	return f(x) + checked(f(y));
}
