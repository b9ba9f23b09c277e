void f(int *p)
{
	int n = 0;

	n++;

	/* about n */
	n++;	/* more */
	/* tail */
	if (n) {
	}
}
