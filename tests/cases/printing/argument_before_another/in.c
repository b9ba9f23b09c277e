void g(void)
{
	f(last);
	f(1,last, 2);
}
