int probe(void)
{
	int a, flags, b;
	short i, j;
	short k;

	return a + flags + b + i + j + k;
}
