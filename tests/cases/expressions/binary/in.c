unsigned f(unsigned x, int n)
{
	x <<= 2;
	x = x << n | x << (n + 1);
	return (x << 1) << n;
}
