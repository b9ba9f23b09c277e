int f(int n)
{
#ifdef CONFIG_A
	if (old(n))
		return 1;
#else
	if (old(n + 1)) {
#endif
		n++;
#ifndef CONFIG_A
	}
#endif
	return old(n);
}

#if 0
int g(int n)
{
	return old(n);
}
#endif
