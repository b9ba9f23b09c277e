int f(int p, int q)
{
	old(p+1,   q);
	return 0;
}
