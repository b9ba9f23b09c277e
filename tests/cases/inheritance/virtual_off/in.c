int k(void)
{
	return f();
}
