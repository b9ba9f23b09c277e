int v;

static int f(struct s *p, int x)
{
	a(p); /* why */
	// so
	if (x) {
		/* deep */
		b(p); // too
	}
	return x; /* last */
}

int w;
