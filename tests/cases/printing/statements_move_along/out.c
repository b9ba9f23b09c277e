int f(int n)
{
	b();
	c();
	if (n) {
		begin();
		{
			a();
			b();
		}
	}
	if (n + 1) {
		begin();
		if (n)
			a();
	}
	return n;
}
