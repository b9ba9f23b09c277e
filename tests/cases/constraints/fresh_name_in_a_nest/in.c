int sum(struct device *d)
{
	int a = d->id;

	return a + d->rev;
}
