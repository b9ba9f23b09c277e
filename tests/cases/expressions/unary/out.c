int f(int x)
{
	if (disabled(x) && !disabled(x + 1))
		return disabled(x);
	return -enabled(x);
}
