int f(struct dev *d)
{
	if (once(d->ready) || d->error || d->ready)
		reset(d);
	return ready(d) || d->error || ready(d);
}

int g(struct dev *d)
{
	if (d->error)
		return -1;
	return once(d->ready) || d->ready;
}

int h(struct dev *d)
{
	idle(d);
	if (poll_once(d) == 1)
		return idle(d) + poll_once(d);
	return 0;
}
