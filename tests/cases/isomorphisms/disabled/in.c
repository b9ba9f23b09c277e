void f(int n)
{
	if (ready(n) != 0)
		g();
	if (0 != ready(n))
		g();
}
