int f(int n)
{
#ifdef CONFIG_A
	if (renewed(n))
		return 1;
#else
	if (renewed(n + 1)) {
#endif
		n++;
#ifndef CONFIG_A
	}
#endif
	return renewed(n);
}

#if 0
int g(int n)
{
	return renewed(n);
}
#endif
