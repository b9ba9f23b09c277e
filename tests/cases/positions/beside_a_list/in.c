int first(int x, char *y)
{
	note(x, y);
	note();
	return first(x, y);
}

int second(struct dev d[3], int (*get)(int), unsigned n)
{
	first(d, get);
	return second(d, get, n) + second(d, get, 1);
}
