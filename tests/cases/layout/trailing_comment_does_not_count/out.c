void f(int n)
{
	renewed(n);		/* a comment that stands at the end of the line, as it is */
	renewed(n + 1);	// another one
}
