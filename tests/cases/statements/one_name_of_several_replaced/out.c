int probe(void)
{
	u32 flags;
	int a, b;
	short i, j;
	int k;

	return a + flags + b + i + j + k;
}
