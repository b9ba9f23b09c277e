void f(int n)
{
	if (n) { /* why */
		prepare(n);
		submit(n);
	} else
		g();
	while (n) {
		prepare(n);
		submit(n);
	}
}
