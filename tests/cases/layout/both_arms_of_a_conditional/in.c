int f(int n)
{
#ifdef CONFIG_A
	if (old(n))
#else
	if (old(n + 1))
#endif
		n++;
	return old(n)
#ifdef CONFIG_B
		+ old(1)
#endif
		;
}

#if 0
int g(int n)
{
	return old(n);
}
#endif
