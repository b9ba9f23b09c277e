int one(int x);
int two(int x);
static int three(int x);

int one(int x)
{
	return x;
}

int two(int x)
{
	return one(x);
}

static int three(int x)
{
	return x;
}
