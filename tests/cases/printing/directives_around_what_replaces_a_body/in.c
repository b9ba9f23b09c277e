void f(struct dev *d)
{
	start(d);
	if (d->up)
		start(d);
	else
		stop(d);
}
