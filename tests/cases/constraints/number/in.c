void g(int n)
{
	level(10);
	level(11);
	level(0x10);
	level(n);
	level(LIMIT);
}
