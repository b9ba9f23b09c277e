void f(int n)
{
	old(n + /* the first */
	    1, g(n,
		 n));
}
