void g(struct dev *d)
{
	if (d->up && d->next)
		use(d);
}
