void f(int *p)
{
	submit(p);
	finish(p);
	submit(p + 1);	/* stays beside its statement */
	finish(p + 1);
	if (*p) {
		submit(p);
		finish(p);
	}
}
