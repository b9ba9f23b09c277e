int probe(struct bus *, unsigned int, int, char[8]);
int reset(struct bus *bus, unsigned int lanes, int how, char name[8]);
int notify(long);
static int lookup(long long);
int unrelated(struct port *, int);

int probe(struct bus *bus, unsigned int lanes, int flags, char name[8])
{
	return start(dev, flags);
}

int reset(struct bus *bus, unsigned int lanes, int how, char name[8])
{
	return start(dev, how);
}

int notify(long when)
{
	wake(when);
}

static int lookup(long long at)
{
	return 0;
}
