int f(int n)
{
	if (n)
		gone(1);
	if (n + 1) {
		stays();
	}
	if (n + 2)
		fresh(3);
	while (n--)
		{}
	return n;
}
