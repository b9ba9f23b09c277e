int f(int x, int y)
{
	return 2 * (x + y);
}
