void f(int n, int m)
{
	both(n++, m++);
	both((n = 1, m = 2), n++);
	for (n = 0, m = 0; n < m; n++, m--)
		g((n, m));
}
