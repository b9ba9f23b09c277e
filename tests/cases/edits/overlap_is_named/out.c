int f(int n)
{
	return pair(1, n) + pair(3, pair(n, 2));
}
