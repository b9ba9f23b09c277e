void f(int n)
{
	if (n)
		{}
	g();
	if (n)
		g();
	else
		{}
	for (;;)
		{}
}
