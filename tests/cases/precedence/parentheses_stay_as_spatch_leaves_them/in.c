int f(struct s *a, struct d *d)
{
	return (a + 1)->x + (&d->s)->x;
}
