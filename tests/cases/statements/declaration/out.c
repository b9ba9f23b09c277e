void f(int n)
{
	long a = modern(n);
	int b = legacy(n), c;
	long d = legacy(n);

	g(a);
}
