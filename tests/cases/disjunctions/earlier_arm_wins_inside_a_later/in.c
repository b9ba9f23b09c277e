int sum(int x)
{
	x = first(x) + 2;
	x = x + 2;
	x = first(x + 2) + 2;
	return y(x + 2);
}
