int g(int x)
{
	return f(0) + f(x) + f(1);
}
