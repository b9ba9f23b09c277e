void f(int *p, int n)
{
	while (n--) {
		first(n);
		REPORT
	}
	if (n) {
		first(n);
		REPORT
	}
	go();
}
