int f(int a, int b)
{
	b = max(b, a + 1);
	puts("a <? b");
	return min(a, b);
}
