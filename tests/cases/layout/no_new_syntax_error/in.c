int f(int n)
{
	return old(n);
}
