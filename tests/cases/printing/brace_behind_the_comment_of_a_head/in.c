int f(int n)
{
	if (n) /* not yet */
		go();
	if (n)/* close */
		go();
	if (n + 1) // rest of the line
		go();
	while (n--)	/* tab */	
		go();
	if (n)
		/* above */
		go();
	if (n)
		stop();
	else /* last */
		go();
	return n;
}
