int f(int n)
{
	n = limit(n);
	n = limit(n);
	n = LIMIT - n;
	n = limit((n * 2));
	return n + n;
}
