int f(struct s *a, struct d *d)
{
	return get((a + 1)) + get((&d->s));
}
