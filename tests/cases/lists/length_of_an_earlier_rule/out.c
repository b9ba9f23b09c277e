static int probe(int bus, struct dev *dev, int flags)
{
	return bus + flags;
}

int all(struct dev *a)
{
	return probe(1, 0) + probe(2, 3);
}
