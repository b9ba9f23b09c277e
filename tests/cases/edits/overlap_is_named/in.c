int f(int n)
{
	return pair(n, 1) + pair(pair(n, 2),
				 3);
}
