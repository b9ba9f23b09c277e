int k(void)
{
	return g();
}
