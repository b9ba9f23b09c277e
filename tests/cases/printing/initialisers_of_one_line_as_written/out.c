int f(struct e *e)
{
	unsigned long flags[4] = { 0 };
	struct foo s = { .a = 1, .b = 2 };
	struct foo t[] = { { .a = 1 }, { .b = 2 } };
	struct foo u = {};
	struct foo v = {
		.a = 1,
		.b = (struct bar){ 2 },
	};
	return 0;
}

static const struct id ids[] = {
	{ .name = "one" },
	{ .name = "two" },
	{ }
};
