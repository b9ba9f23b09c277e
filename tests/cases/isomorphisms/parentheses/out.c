int f(int x, int y, int z)
{
	if (has(x, y))
		return 1;
	if (has(x, y))
		return 2;
	if (has(x, y) && z)
		return 3;
	if (has(x, y))
		return 4;
	if (has(x, y))
		return 5;
	if ((x & y) == z)
		return 6;
	return !has(x, y);
}
