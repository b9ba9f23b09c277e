int f(int x, int y, int z)
{
	z = sum(x, y) * 2;
	z = -sum(x, y);
	if (!sum(x, y))
		return sum(x, y);
	z = f(sum(x, y), sum(x, y), sizeof(sum(x, y)));
	return (sum(x, y) /* both */) / 2;
}
