void g(int n)
{
	level(10);
	high(11);
	high(0x10);
	level(n);
	level(LIMIT);
}
