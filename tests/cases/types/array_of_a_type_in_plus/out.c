void f(void)
{
	int *a;
	int (*b)[45];
	int **c;
	int (**d)(int);
	const char (*e)[2][3];
}

static char two[4][2];
static int one[4];
