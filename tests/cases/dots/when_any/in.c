void two(void)
{
	g();
	work();
	g();
}
