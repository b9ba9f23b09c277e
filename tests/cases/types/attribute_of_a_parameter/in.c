static int one(const char *var, const char *value,
	       const struct context *ctx UNUSED, void *data)
{
	return use(var, value, data);
}

static int two(const char *var, const char *value,
	       const struct context *ctx, void *data)
{
	return use(var, value, data);
}

long three(int n UNUSED)
{
	return 0;
}

long four(int n)
{
	return 0;
}

void five(int n, char c UNUSED)
{
	use(c);
}
