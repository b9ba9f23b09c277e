int sum(struct device *d)
{
	int a = get_id(d);

	return a + get_rev(d);
}
