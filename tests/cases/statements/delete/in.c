void f(int *p)
{
	int n = 0;

	trace(p);
	n++;
	trace(p + 1);

	/* about n */
	trace(n);
	n++;	/* more */
	trace(n);	/* tail */
	if (n) {
		trace(n);
	}
	trace(p);
}
