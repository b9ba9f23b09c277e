int f(int n)
{
	if (n) /* not yet */ {
		ready();
		go();
	}
	if (n)/* close */ {
		ready();
		go();
	}
	if (n + 1) // rest of the line
	{
		ready();
		go();
	}
	while (n--)	/* tab */	{
		ready();
		go();
	}
	if (n) {
		/* above */
		ready();
		go();
	}
	if (n)
		stop();
	else /* last */ {
		ready();
		go();
	}
	return n;
}
