void f(int *p)
{
	/* now */
	prepare(p);
	submit(p);
	if (*p) {
		g();
		prepare(p + 1);
		submit(p + 1);	/* later */
	}
	for (;;) {
		prepare(p);
		submit(p);
	}
}
