int before;

static struct ops first = {
	.a = 1,
};

static struct ops second = { 1, 2 };

int f(void)
{
	return g((struct pair){ 1, }, (struct pair){ 2 });
}
