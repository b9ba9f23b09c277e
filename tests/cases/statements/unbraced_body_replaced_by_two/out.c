void f(int n)
{
	if (n) {
		one(n);
		two(n);
	}
	if (n) {
		one(n);
		two(n);	/* tail */
	} else
		g();
	for (;;) {
		one(n);
		two(n);
	}
}
