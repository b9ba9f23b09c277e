void f(int *p, int n)
{
	while (n--)
		if (p == 0) {
			first(n);
			REPORT
		}
	if (n)
		if (p == 0) {
			first(n);
			REPORT
		}
	go();
}
