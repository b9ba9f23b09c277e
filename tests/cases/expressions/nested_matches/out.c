int f(int a)
{
	return a + strip(a);
}
