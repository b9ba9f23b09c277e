void f(void)
{
	int a;
	int b[45];
	int *c;
	int (*d)(int);
	const char e[2][3];
}

char two[][2] = { 0 };
int one[] = { 0 };
