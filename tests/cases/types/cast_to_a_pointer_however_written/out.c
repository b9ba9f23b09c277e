struct ring;

int use(struct ring *ring, char *name, int (*done)(void));

int plain(struct ring *r, char *s)
{
	return use(r, s, NULL);
}

int over_lines(struct ring *r)
{
	return use(r, NULL, NULL);
}

int of_a_member(struct ring *r, int x, int y)
{
	return (x * y) + (x *y) + (x * sizeof(*r));
}

int attributed(struct ring *r)
{
	return use(r, NULL, NULL);
}

#define RING(r) use((struct ring *)(r), NULL, NULL)
