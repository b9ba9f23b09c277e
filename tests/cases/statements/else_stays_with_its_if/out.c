void f(struct dev *d)
{
	if (fast(d)) {
		if (d->up)
			b(d);
	} else
		a(d);

	if (fast(d->next)) {
		while (d->up)
			if (d->next)
				b(d);
	} else
		a(d);

	if (!even(d)) {
		if (d->up)
			a(d);
	} else
		b(d);

	if (!even(d))
		a(d);
	else {
		b(d);
	}
}
