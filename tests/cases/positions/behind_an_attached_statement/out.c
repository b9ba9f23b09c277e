void g(int n)
{
	found();
	if (n)
		found();
}
