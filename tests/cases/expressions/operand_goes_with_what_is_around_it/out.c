int f(int a, int b)
{
	g(mask());
	g(mask());
	g(mask());
	g(mask());
	g(a);
	gone(a);
	gone(a);
	if (b && bad(a)) {
		return 3;
	}
	h(FLAG);
	h(b);
	return 0;
}
