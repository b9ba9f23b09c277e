int f(int a, int b)
{
	b >?= a + 1;
	puts("a <? b");
	return a <? b;
}
