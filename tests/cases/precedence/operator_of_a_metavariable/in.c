int f(int x, int y, int z)
{
	x = fold(x + y * z);
	x = fold((x + y) * z);
	x = fold(x && y || z);
	x = fold(x - y - z);
	y = join(x & 1, y) + z;
	y = join(x + 1, y) * z;
	return join(x && y, z) || x;
}
