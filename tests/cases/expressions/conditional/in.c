int f(int x, int y)
{
	int z = x ? y : 0;

	return x > y ? x : y + 1;
}
