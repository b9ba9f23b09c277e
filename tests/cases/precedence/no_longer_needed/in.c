int f(int x, int y, int z)
{
	z = (x + y) * 2;
	z = -(x + y);
	if (!(x + y))
		return ((x + y));
	z = f(x + y, (x + y), sizeof(x + y));
	return (x + y /* both */) / 2;
}
