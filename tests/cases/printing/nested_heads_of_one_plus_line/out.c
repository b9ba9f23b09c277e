void g(struct dev *d)
{
	if (d->up) {
		if (d->next)
			use(d);
	}
}
