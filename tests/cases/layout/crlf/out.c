void f(int n)
{
	first(n);
	second(n);
	if (n) {
		first(n);
		second(n);
	}
	g(n);
}
