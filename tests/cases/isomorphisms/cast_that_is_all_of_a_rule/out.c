int f(void *p, int n)
{
	renewed(n);
	use(bytes(p), p);
	return cast(n) + n;
}
