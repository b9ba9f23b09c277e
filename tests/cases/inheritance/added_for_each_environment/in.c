static struct ops disk = { .id = 1 };
static struct ops tape = { .id = 2 };

static int all(void)
{
	run();
}
