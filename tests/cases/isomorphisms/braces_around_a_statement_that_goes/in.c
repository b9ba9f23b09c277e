int f(int n)
{
	if (n)
		gone(1);
	if (n + 1) {
		stays();
		gone(2);
	}
	if (n + 2)
		old(3);
	while (n--)
		nested(4);
	return n;
}
