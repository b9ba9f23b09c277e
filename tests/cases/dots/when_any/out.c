void two(void)
{
	h();
	work();
	h();
}
