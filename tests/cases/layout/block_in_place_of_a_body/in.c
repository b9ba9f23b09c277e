int f(int n, int m)
{
	if (n)
		one();
	if (n &&
	    m)
		one();
	return n;
}
