int f(int n)
{
#ifdef CONFIG_A
	if (renewed(n))
#else
	if (renewed(n + 1))
#endif
		n++;
	return renewed(n)
#ifdef CONFIG_B
		+ renewed(1)
#endif
		;
}

#if 0
int g(int n)
{
	return renewed(n);
}
#endif
