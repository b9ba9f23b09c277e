void f(int n)
{
	if (n)
		old(n);
	if (n)
		old(n);	/* tail */
	else
		g();
	for (;;) old(n);
}
