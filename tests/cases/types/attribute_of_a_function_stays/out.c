void __init f(int x)
{
	return 1;
}

static void __init g(int x)
{
	return 1;
}
