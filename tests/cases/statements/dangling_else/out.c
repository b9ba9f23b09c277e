void f(int n)
{
	if (n) {
		if (ready(n))
			new(n);
	} else
		g();
	if (n)
		if (ready(n))
			new(n);
	if (ready(n))
		new(n);
}
