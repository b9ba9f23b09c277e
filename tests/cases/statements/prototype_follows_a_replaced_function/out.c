long one(int x);
int two(int x);
static long three(int x);

long one(int x) { return 0; }

int two(int x)
{
	return one(x);
}

static long three(int x) { return 0; }
