void g(int n)
{
	n = 1, f();
	if (n)
		n = 2,
		f();
}
