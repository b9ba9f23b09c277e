void f(int n)
{
	if (n)
		old(n);
	else
		g();
	if (n)
		old(n);
	old(n);
}
