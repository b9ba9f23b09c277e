int a(void)
{
	return named(LIMIT) + f(1);
}
