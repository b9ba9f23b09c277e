int f(struct dev *d)
{
	int ret;

	lock(d);
	{
		int old = d->state;

		start(d);
		/* what was there before is told last */
		ret = tell(d, old);
	}
	unlock(d);

	lock(d);
	{
		stop(d);
	}
	unlock(d);
	return ret;
}
