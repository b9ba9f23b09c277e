void f(int x)
{
	if (x) {
		if (1)
			b();
	}
	else {
		if (2)
			b();
	}
	while (x) {
		if (3)
			b();
	}
}
