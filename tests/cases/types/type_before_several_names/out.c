int plain(void)
{
	int y, x;
	return 0;
}

int pointer(void)
{
	struct s *y;
	struct s *x;
	return 0;
}

int array(void)
{
	int y[45];
	int x[45];
	return 0;
}
