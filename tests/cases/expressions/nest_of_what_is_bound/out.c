int open_door(struct door *d)
{
	d->key = claim(1);
	note_claim();
	if (!d->key)
		return -1;
	d->lock = claim(2);
	note_claim();
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

	while (pending(left)) {
		use(d);
	}
	use(other);
}
