int f(struct dev *d)
{
	if (checked(d)) {
		start(d);
	}
	if (d->ready) {
		start(d);
	}
	return 0;
}
