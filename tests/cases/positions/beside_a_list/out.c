int first(int x, char *y)
{
	noted(x, y);
	note();
	return again(x, y);
}

int second(struct dev d[3], int (*get)(int), unsigned n)
{
	first(d, get);
	return again(d, get, n) + second(d, get, 1);
}
