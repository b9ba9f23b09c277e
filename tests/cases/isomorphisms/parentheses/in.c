int f(int x, int y, int z)
{
	if ((x & y) == y)
		return 1;
	if (((x & y)) == y)
		return 2;
	if (((x & y) == y) && z)
		return 3;
	if (y == (x & y))
		return 4;
	if ((y & x) == y)
		return 5;
	if ((x & y) == z)
		return 6;
	return !((x & y) == y);
}
