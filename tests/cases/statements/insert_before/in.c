void f(int *p)
{
	/* now */
	submit(p);
	if (*p) {
		g();
		submit(p + 1);	/* later */
	}
	for (;;) {
		submit(p);
	}
}
