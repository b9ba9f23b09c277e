int f(void *p, int n)
{
	old(n);
	use((u8 *)p, p);
	return (long)n + n;
}
