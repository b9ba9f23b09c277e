int k(int x)
{
	return f(x);
}
