int open_door(struct door *d)
{
	d->key = claim(1);
	if (!d->key)
		return -1;
	d->lock = claim(2);
	if (is_bad(d->lock) || d->broken)
		return -2;
	d->hinge = claim(3);
	if (d->lock)
		return -3;
	return 0;
}

void drain(struct door *d)
{
	int left;
	char other;

	while (fetch(d, &left)) {
		use(d);
	}
	use(other);
}
