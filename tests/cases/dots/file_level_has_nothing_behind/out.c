long top;
int start = setup(3);
char used;

int f(void)
{
	long n;

	n = setup(4);
	last(n);
	return used;
}
