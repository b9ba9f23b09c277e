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
}
