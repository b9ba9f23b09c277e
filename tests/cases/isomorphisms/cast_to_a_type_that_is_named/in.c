int f(int n)
{
	old(n);
	old((long)n);
	older(n);
	older((char)n);
}
