void f(int *p)
{
	submit(p);
	submit(p + 1);	/* stays beside its statement */
	if (*p) {
		submit(p);
	}
}
