void f(int n)
{
	old(n,
#ifdef CONFIG_A
	    1
#else
	    2
#endif
	   );
	renewed(n, 3);
	renewed(1 +
#ifdef CONFIG_B
		4 +
#endif
		n, n);
}
