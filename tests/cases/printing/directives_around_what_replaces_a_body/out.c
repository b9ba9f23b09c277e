void f(struct dev *d)
{
#ifdef CONFIG_PM
	resume(d);
#endif
	if (d->up) {
#ifdef CONFIG_PM
		resume(d);
#endif
	} else {
		stop(d);
#if DEBUG
		trace(d);
#endif
	}
}
