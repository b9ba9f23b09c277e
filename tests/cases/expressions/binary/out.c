unsigned f(unsigned x, int n)
{
	x <<= 2;
	x = shift(x, n) | shift(x, (n + 1));
	return shift((x << 1), n);
}
