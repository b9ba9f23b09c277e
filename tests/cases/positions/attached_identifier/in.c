int a(void)
{
	return f(LIMIT) + f(1);
}
