int plain(void)
{
	int x;
	return 0;
}

int pointer(void)
{
	struct s *x;
	return 0;
}

int array(void)
{
	int x[45];
	return 0;
}
