void f(int n)
{
	if (n)
		trace(n);
	g();
	if (n)
		g();
	else
		trace(n);
	for (;;)
		trace(n);
}
