void f(struct dev *d, struct dev *e)
{
	put(d);
	put(e);
	put(d);
	put(d->child);
	if (busy(d)) {
		put(e);
	}
	put(d->parent_of_all_the_others);
	put(e);
	e = NULL;
	put(d);
	d = NULL;
}

int g(struct dev *d)
{
	switch (d->state) {
	case READY:
	put(d);
	break;
	}
	return 0;
}
