int f(int x, int y)
{
	return cmp(x, y) || cmp(x, y) || x < y;
}
