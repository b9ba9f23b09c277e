int top;
int start = init(3);
char used;

int f(void)
{
	int n;
	char unused;

	n = init(4);
	last(n);
	return used;
}
