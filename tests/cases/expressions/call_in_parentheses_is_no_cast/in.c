void m(void)
{
	x = (f()) - y;
	x = (f((a))) - y;
	x = (n * (a)) - y;
}
