void f(struct dev *d)
{
	if (slow(d))
		a(d);
	else if (d->up)
		b(d);

	if (slow(d->next))
		a(d);
	else
		while (d->up)
			if (d->next)
				b(d);

	if (odd(d)) {
		if (d->up)
			a(d);
	} else
		b(d);

	if (odd(d)) {
		a(d);
	} else {
		b(d);
	}
}
