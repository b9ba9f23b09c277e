void g(void)
{
	old();
}
