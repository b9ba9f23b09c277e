void f(struct dev *d, struct dev *e)
{
	if (d)
	put(d);
	if (e)
	    put(e);
	if (d)
		put(d);
	if (d->child)
put(d->child);
	if (busy(d)) {
		if (e)
		put(e);
	}
	if (d->parent_of_all_the_others)
	  put(d->parent_of_all_the_others);
	if (e) {
	put(e);
	e = NULL;
	}
	if (d) {
	    put(d);
	    d = NULL;
	}
}

int g(struct dev *d)
{
	switch (d->state) {
	case READY:
	if (d)
		put(d);
	break;
	}
	return 0;
}
