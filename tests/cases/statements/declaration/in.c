void f(int n)
{
	int a = legacy(n);
	int b = legacy(n), c;
	long d = legacy(n);

	g(a);
}
