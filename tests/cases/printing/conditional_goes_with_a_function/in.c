int v;

/* what it does */
static int f(struct s *p, int x)
{
	a(p);
#ifdef CONFIG_B
	if (x)
		b(p); /* if any */
#endif
	return x;
}

int w;
