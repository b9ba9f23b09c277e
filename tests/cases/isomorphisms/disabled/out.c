void f(int n)
{
	if (is_ready(n))
		g();
	if (0 != ready(n))
		g();
}
