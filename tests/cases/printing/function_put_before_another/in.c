int x;

int f(void)
{
	return 0;
}
