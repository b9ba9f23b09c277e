int f(int n)
{
	n = LIMIT + n;
	n = n + LIMIT;
	n = LIMIT - n;
	n = (n * 2) + LIMIT;
	return n + n;
}
