void f(struct dev *d)
{
	if (d->up) {
		halt(d->up);
	}
	if (d->up) {
		halt(d->up);
	}
	while (d->busy) {
		relax();
		cpu_relax();
	}
	for (;d->next;)
		tock(d->next);
}
