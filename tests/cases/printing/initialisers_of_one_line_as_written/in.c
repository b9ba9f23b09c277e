int f(struct e *e)
{
	mark(e);
	return 0;
}

static const struct id ids[] = {
	{ .name = "one" },
	{ .name = "two" },
	{ },
};
