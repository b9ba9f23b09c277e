void f(int x)
{
	if (x) {
		a();
		b(1,
		  2);
	}
}
