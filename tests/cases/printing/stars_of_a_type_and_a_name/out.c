int f(long first, struct s **p, int *x, char **q)
{
	return 0;
}
