void g(void)
{
	f(12, last);
	f(1,12, last, 2);
}
