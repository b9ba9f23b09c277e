int f(struct dev *d)
{
	if (d->ready || d->error || d->ready)
		reset(d);
	return ready(d) || d->error || ready(d);
}

int g(struct dev *d)
{
	if (d->error)
		return -1;
	return d->ready || d->ready;
}

int h(struct dev *d)
{
	idle(d);
	if (poll(d) == 1)
		return idle(d) + poll(d);
	return 0;
}
