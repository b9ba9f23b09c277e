static int one(int x);
static int two(int x);
static int three(int x);

static int one(int x)
{
	return x;
}

static int two(int x)
{
	return one(x);
}

static int three(int x)
{
	return x;
}
