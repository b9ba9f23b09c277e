int f(struct dev *d)
{
	int ret;

	with_lock(d) {
		int old = d->state;

		start(d);
		/* what was there before is told last */
		ret = tell(d, old);
	}

	with_lock(d) {
		stop(d);
	}
	return ret;
}
