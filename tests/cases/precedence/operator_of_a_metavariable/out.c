int f(int x, int y, int z)
{
	x = fold(y * z + x);
	x = fold(z * (x + y));
	x = fold(z || x && y);
	x = fold(z - (x - y));
	y = (x & 1) + y + z;
	y = (x + 1) * y * z;
	return x && y || z || x;
}
