int __init f(int x)
{
	return 1;
}

static int __init g(int x)
{
	return 1;
}
