void f(int n)
{
	renewed(n + /* the first */
		1, g(n,
		     n));
}
