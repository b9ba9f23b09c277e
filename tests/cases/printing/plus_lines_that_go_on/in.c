void f(struct dev *d)
{
	poll(d);
	d->state = start(d);
}
