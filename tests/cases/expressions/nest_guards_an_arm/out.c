int open_door(struct door *d)
{
	d->key = claim(1);
	if (!d->key) {
		report();
		return -1;
	}
	d->key = claim(2);
	if (d->jammed) {
		unchecked();
		report();
		return -2;
	}
	d->key = claim(3);
	if (d->jammed || test(&d->key[1])) {
		report();
		return -3;
	}
	return 0;
}
