void f(int n)
{
	old(n);		/* a comment that stands at the end of the line, as it is */
	old(n + 1);	// another one
}
