void f(int n)
{
	old(1 +
#ifdef CONFIG_B
	    4 +
#endif
	    n, n);
}
