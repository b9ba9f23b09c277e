int f(int x)
{
	if (!enabled(x) && !!enabled(x + 1))
		return ! enabled(x);
	return -enabled(x);
}
