int f(int a, int b)
{
	g(FLAG);
	g(FLAG | b);
	g(a | FLAG);
	g(a | FLAG | b);
	g(a);
	if (bad(a)) {
		return 1;
	}
	if (b || bad(a) || b > 1) {
		return 2;
	}
	if (b && bad(a)) {
		return 3;
	}
	h(FLAG);
	h(FLAG | b);
	return 0;
}
