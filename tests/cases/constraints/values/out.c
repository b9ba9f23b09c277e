void g(void)
{
	low(1);
	low(2);
	level(3);
}
