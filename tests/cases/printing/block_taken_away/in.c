void f(int x)
{
	if (x) {
		if (0) {
			a();
			b(1,
			  2);
		}
	}
}
