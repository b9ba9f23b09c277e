int get(void)
{
	return 1;
}

int put(void)
{
	return 1;
}
