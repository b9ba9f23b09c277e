int f(int n)
{
	if (unlikely(n)) {
		b();
		c();
	}
	while (n) {
		a();
		b();
	}
	while (n + 1)
		if (n)
			a();
	return n;
}
