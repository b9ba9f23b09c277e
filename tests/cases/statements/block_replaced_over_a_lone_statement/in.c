void f(struct dev *d)
{
	if (d->up)
		stop(d->up);
	if (d->up) {
		stop(d->up);
	}
	while (d->busy)
		cpu_relax();
	for (;d->next;)
		tick(d->next);
}
